/**
 * Arrays that are not what they say: subclasses whose parts are others, lengths that are not those of the memory, memory
 * that goes away while arguments are read. They get a right result or an error, and the next calls are right.
 *
 * @module
 */
import { chacha20poly1305, xchacha20poly1305 } from '@noble/ciphers/chacha.js';
import { ed25519 } from '@noble/curves/ed25519.js';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  aeadDecrypt,
  aeadEncrypt,
  hpkeOpen,
  hpkeSeal,
  hpkeSealMany,
  sign,
  signingPublicKey,
  verify,
  verifyBatch,
  x25519,
} from '../../src/crypto/index.js';
import { sha256 } from '../../src/crypto/sha256.js';
import { toHex } from '../support/hex.js';
import { nodePrivateKey, nodePublicBytes } from '../support/node-peer.js';
import { SeededRandom } from '../support/seeded-random.js';

const LONG = 200_000;
const random = new SeededRandom(0x0dd);
const KEY = random.bytes(32);
const NONCE = random.bytes(12);
const LONG_NONCE = random.bytes(24);
const TEXT = random.bytes(300);
const LONG_TEXT = random.bytes(LONG);
const OTHER_KEY = random.bytes(32);
const DH_PUBLIC_KEY = nodePublicBytes(nodePrivateKey('x25519', OTHER_KEY));
const SIGNATURE = sign(KEY, TEXT);

/** A subclass whose constructor takes something else than `Uint8Array` does, so that its `subarray` gives the whole. */
class Whole extends Uint8Array {
  constructor(source: ArrayBuffer) {
    super(source);
  }
}

/** A subclass that cannot be made from memory, so that its `subarray` throws. */
class Strict extends Uint8Array {
  constructor(length: number) {
    if (typeof length !== 'number') throw new TypeError('a length is wanted');
    super(length);
  }
}

function whole(bytes: Uint8Array): Uint8Array {
  return new Whole(new Uint8Array(bytes).buffer);
}

function strict(bytes: Uint8Array): Uint8Array {
  const array = new Strict(bytes.length);
  array.set(bytes);
  return array;
}

/** An array that says it has `length` bytes and has more. */
function longerThanItSays(length: number): Uint8Array {
  return Object.defineProperty(new Uint8Array(LONG), 'length', { value: length });
}

/** An object with a property `name` that takes the memory of `victim` away when it is read. */
function takingAway<Name extends string>(name: Name, value: Uint8Array, victim: Uint8Array): Record<Name, Uint8Array> {
  return Object.defineProperty({} as Record<Name, Uint8Array>, name, {
    get: () => {
      structuredClone(victim.buffer, { transfer: [victim.buffer as ArrayBuffer] });
      return value;
    },
  });
}

function expectRightResults(): void {
  expect(toHex(aeadEncrypt(KEY, NONCE, TEXT))).toBe(toHex(chacha20poly1305(KEY, NONCE).encrypt(TEXT)));
  expect(toHex(aeadEncrypt(KEY, LONG_NONCE, TEXT))).toBe(toHex(xchacha20poly1305(KEY, LONG_NONCE).encrypt(TEXT)));
  expect(toHex(aeadDecrypt(KEY, NONCE, chacha20poly1305(KEY, NONCE).encrypt(LONG_TEXT)))).toBe(toHex(LONG_TEXT));
  expect(toHex(sign(OTHER_KEY, TEXT))).toBe(toHex(ed25519.sign(TEXT, OTHER_KEY)));
  expect(verify(signingPublicKey(KEY), SIGNATURE, TEXT)).toBe(true);
  expect(verify(signingPublicKey(OTHER_KEY), SIGNATURE, TEXT)).toBe(false);
  const { enc, ciphertext } = hpkeSeal(DH_PUBLIC_KEY, TEXT);
  expect(toHex(hpkeOpen(OTHER_KEY, enc, ciphertext))).toBe(toHex(TEXT));
}

beforeEach(expectRightResults);

describe.each([
  { name: 'whose parts are the whole', make: whole },
  { name: 'that cannot be cut', make: strict },
])('a subclass $name', ({ make }) => {
  it('is encrypted and decrypted for what it holds', () => {
    const sealed = chacha20poly1305(KEY, NONCE, LONG_TEXT).encrypt(LONG_TEXT);
    expect(toHex(aeadEncrypt(KEY, NONCE, make(LONG_TEXT), make(LONG_TEXT)))).toBe(toHex(sealed));
    expect(toHex(aeadDecrypt(KEY, NONCE, make(sealed), make(LONG_TEXT)))).toBe(toHex(LONG_TEXT));
    expectRightResults();
  });

  it('is signed, verified and hashed for what it holds', () => {
    const signature = sign(KEY, make(LONG_TEXT));
    expect(toHex(signature)).toBe(toHex(ed25519.sign(LONG_TEXT, KEY)));
    const publicKey = signingPublicKey(KEY);
    expect(verify(publicKey, signature, make(LONG_TEXT))).toBe(true);
    expect(verifyBatch([{ publicKey, signature, message: make(LONG_TEXT) }])).toEqual([true]);
    expect(toHex(sha256(make(LONG_TEXT)))).toBe(toHex(sha256(LONG_TEXT)));
    expectRightResults();
  });
});

describe('an array that is longer than it says', () => {
  it.each<{ name: string; call: () => unknown }>([
    { name: 'key', call: () => aeadEncrypt(longerThanItSays(32), NONCE, TEXT) },
    { name: 'nonce', call: () => aeadEncrypt(KEY, longerThanItSays(24), TEXT) },
    { name: 'plaintext', call: () => aeadEncrypt(KEY, NONCE, longerThanItSays(300)) },
    { name: 'associated data', call: () => aeadEncrypt(KEY, NONCE, TEXT, longerThanItSays(300)) },
    { name: 'ciphertext', call: () => aeadDecrypt(KEY, NONCE, longerThanItSays(300)) },
    { name: 'private key', call: () => x25519(longerThanItSays(32), DH_PUBLIC_KEY) },
    { name: 'public key', call: () => x25519(KEY, longerThanItSays(32)) },
    { name: 'seed', call: () => sign(longerThanItSays(32), TEXT) },
    { name: 'message', call: () => sign(KEY, longerThanItSays(300)) },
    { name: "signer's key", call: () => verify(longerThanItSays(32), SIGNATURE, TEXT) },
    { name: 'signature', call: () => verify(signingPublicKey(KEY), longerThanItSays(64), TEXT) },
    { name: 'HPKE info', call: () => hpkeSeal(DH_PUBLIC_KEY, TEXT, { info: longerThanItSays(300) }) },
  ])('as $name is refused, and overwrites nothing of the core', ({ call }) => {
    expect(call).toThrow(RangeError);
    expectRightResults();
  });
});

describe('memory that goes away while arguments are read', () => {
  it('is noticed where the options of HPKE take it away', () => {
    const publicKey = DH_PUBLIC_KEY.slice();
    expect(() => hpkeSeal(publicKey, TEXT, takingAway('info', TEXT, publicKey))).toThrow(
      'recipientPublicKey must be 32 bytes long, got 0',
    );
    const { enc, ciphertext } = hpkeSeal(DH_PUBLIC_KEY, TEXT);
    expect(() => hpkeOpen(OTHER_KEY, enc, ciphertext, takingAway('aad', TEXT, enc))).toThrow(
      'enc must be 32 bytes long, got 0',
    );
  });

  it('is noticed where a later recipient takes it away', () => {
    const publicKey = DH_PUBLIC_KEY.slice();
    const thief = { ...{ publicKey: DH_PUBLIC_KEY }, info: TEXT };
    Object.defineProperty(
      thief,
      'info',
      Object.getOwnPropertyDescriptor(takingAway('info', TEXT, publicKey), 'info') ?? {},
    );
    expect(() => hpkeSealMany([{ publicKey, info: TEXT }, thief], TEXT)).toThrow(
      'recipients[0].publicKey must be 32 bytes long, got 0',
    );
  });

  it('makes an item of a batch a bad one where a later item takes it away', () => {
    const publicKey = signingPublicKey(KEY);
    const good = { publicKey: publicKey.slice(), signature: SIGNATURE, message: TEXT };
    const robbed = { publicKey, signature: SIGNATURE, message: TEXT };
    const thief = Object.defineProperty({ ...good }, 'message', {
      get: () => takingAway('message', TEXT, publicKey).message,
    });
    expect(verifyBatch([good, robbed, thief])).toEqual([true, false, true]);
  });
});
