/**
 * What the facade's Ed25519 adds to the core: the public keys of signers, the cache of public keys, and batches beyond
 * the core's size. (Vectors and adversarial cases: `rfc8032.test.ts`, `ed25519-peers.test.ts`, `verification-rule.test.ts`.)
 *
 * @module
 */
import { ed25519 } from '@noble/curves/ed25519.js';
import { describe, expect, it } from 'vitest';
import { type SignedMessage, sign, signingPublicKey, verify, verifyBatch } from '../../src/crypto/index.js';
import { SeededRandom } from '../support/seeded-random.js';

const random = new SeededRandom(8032);

function signedBy(privateKey: Uint8Array, message: Uint8Array): SignedMessage {
  return { publicKey: signingPublicKey(privateKey), signature: sign(privateKey, message), message };
}

function verdict({ publicKey, signature, message }: SignedMessage): boolean {
  return verify(publicKey, signature, message);
}

function withFlippedBit(bytes: Uint8Array, bit: number): Uint8Array {
  return bytes.with(bit >> 3, (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7)));
}

// First of all, before any other test fills the caches.
describe('an empty cache', () => {
  it('holds no key: not even the encodings of small order that are mostly zeros', () => {
    const message = random.bytes(8);
    const identity = new Uint8Array(32).with(0, 1);
    const signature = new Uint8Array([...identity, ...new Uint8Array(32)]);
    for (const publicKey of [new Uint8Array(32), identity]) {
      expect(verifyBatch([{ publicKey, signature, message }])).toEqual([false]);
      expect(verify(publicKey, signature, message)).toBe(false);
    }
  });
});

describe('a signer met before', () => {
  it('signs alike, in turn with others, with its key in the same array or in a new one', () => {
    const keys = Array.from({ length: 4 }, () => random.bytes(32).slice());
    for (let round = 0; round < 60; round++) {
      const key = random.pick(keys);
      const message = random.bytes(round);
      const expected = ed25519.sign(message, key);
      expect(sign(round % 3 === 0 ? key.slice() : key, message)).toEqual(expected);
      expect(sign(key, message)).toEqual(expected);
    }
  });

  it('is not mistaken when another key is written into the same array', () => {
    const key = random.bytes(32).slice();
    const message = random.bytes(10);
    for (let bit = 0; bit < 256; bit += 5) {
      sign(key, message);
      key.set(withFlippedBit(key, bit));
      expect(sign(key, message)).toEqual(ed25519.sign(message, key));
      expect(sign(random.bytes(32), message)).toHaveLength(64);
      expect(sign(key, message)).toEqual(ed25519.sign(message, key));
    }
  });
});

describe('public keys met before', () => {
  it('get the same verdicts as on the first meeting, good and bad', () => {
    const key = random.bytes(32).slice();
    for (let round = 0; round < 6; round++) {
      const item = signedBy(key, random.bytes(50));
      expect(verdict(item)).toBe(true);
      for (let bit = 0; bit < 512; bit += 37) {
        expect(verdict({ ...item, signature: withFlippedBit(item.signature, bit) })).toBe(false);
      }
      expect(verdict({ ...item, message: withFlippedBit(item.message, round) })).toBe(false);
      expect(verdict({ ...item, publicKey: withFlippedBit(item.publicKey, round) })).toBe(false);
    }
  });

  it('get the same verdicts when there are more of them than the cache holds', () => {
    const keys = Array.from({ length: 200 }, () => random.bytes(32).slice());
    for (let round = 0; round < 4; round++) {
      for (const key of keys) {
        const item = signedBy(key, random.bytes(20));
        expect(verdict(item)).toBe(true);
        expect(verdict({ ...item, message: random.bytes(20) })).toBe(false);
      }
    }
  });
});

describe('a batch', () => {
  it('is larger than the core takes at once, has few or many signers, and some bad items', () => {
    for (const signers of [1, 5, 900]) {
      const keys = Array.from({ length: signers }, () => random.bytes(32).slice());
      const items = Array.from({ length: 1100 }, () => signedBy(random.pick(keys), random.bytes(30)));
      expect(verifyBatch(items)).toEqual(items.map(() => true));
      for (const bad of [0, 511, 1023, 1024]) {
        const item = items[bad];
        if (item !== undefined) items[bad] = { ...item, message: random.bytes(30) };
      }
      expect(verifyBatch(items)).toEqual(items.map((_, i) => ![0, 511, 1023, 1024].includes(i)));
    }
  });

  it('of keys that earlier batches had decoded gets the same verdicts, good and bad', () => {
    const keys = Array.from({ length: 40 }, () => random.bytes(32).slice());
    for (let round = 0; round < 3; round++) {
      const items = keys.map((key, i) => {
        const item = signedBy(key, random.bytes(20));
        return i % 7 === round ? { ...item, signature: withFlippedBit(item.signature, 300) } : item;
      });
      expect(verifyBatch(items)).toEqual(items.map((_, i) => i % 7 !== round));
    }
  });

  it('of bad items only gives each its own verdict', () => {
    const item = signedBy(random.bytes(32).slice(), random.bytes(5));
    const items = Array.from({ length: 30 }, (_, i) => ({ ...item, signature: withFlippedBit(item.signature, 8 * i) }));
    expect(verifyBatch(items)).toEqual(items.map(() => false));
  });
});
