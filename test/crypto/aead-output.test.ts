/**
 * The AEAD with an array for the result: the same bytes as without, nothing beyond it touched, and nothing of a plaintext
 * in it that does not authenticate. Lengths on both sides of the core's 64 KiB window.
 *
 * @module
 */
import { chacha20poly1305, xchacha20poly1305 } from '@noble/ciphers/chacha.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AuthenticationError, aeadDecrypt, aeadEncrypt } from '../../src/crypto/index.js';
import { InvalidInputError } from '../../src/errors.js';
import { expectSameBytes } from '../support/expect-bytes.js';
import { SeededRandom } from '../support/seeded-random.js';

const TAG = 16;
const LENGTHS = [0, 1, 64, 65, 1000, 65_536, 65_537, 200_000];

const random = new SeededRandom(0xead);
const KEY = random.bytes(32);
const NONCE = random.bytes(12);
const AAD = random.bytes(20);

function expectBytes(actual: Uint8Array, expected: Uint8Array): void {
  expectSameBytes(actual, expected, () => `${expected.length} bytes`);
}

/** An array of `length` bytes amid others, and a check that those are as they were. */
function framed(length: number): { output: Uint8Array; expectFrame: () => void } {
  const around = new Uint8Array(length + 64).fill(0xa5);
  const expectFrame = () => {
    expectBytes(around.subarray(0, 32), new Uint8Array(32).fill(0xa5));
    expectBytes(around.subarray(32 + length), new Uint8Array(32).fill(0xa5));
  };
  return { output: around.subarray(32, 32 + length), expectFrame };
}

describe.each(LENGTHS)('a text of %i bytes', (length) => {
  const text = new SeededRandom(length).bytes(length);

  it('is sealed and opened into the caller’s arrays as @noble/ciphers does it', () => {
    for (const nonce of [NONCE, random.bytes(24)]) {
      const peer = nonce.length === 24 ? xchacha20poly1305 : chacha20poly1305;
      const sealed = framed(length + TAG);
      expect(aeadEncrypt(KEY, nonce, text, AAD, sealed.output)).toBe(sealed.output);
      expectBytes(sealed.output, peer(KEY, nonce, AAD).encrypt(text));
      sealed.expectFrame();
      const opened = framed(length);
      expect(aeadDecrypt(KEY, nonce, sealed.output, AAD, opened.output)).toBe(opened.output);
      expectBytes(opened.output, text);
      opened.expectFrame();
    }
  });

  it('is sealed and opened in place', () => {
    const { output, expectFrame } = framed(length + TAG);
    output.set(text);
    aeadEncrypt(KEY, NONCE, output.subarray(0, length), AAD, output);
    expectBytes(output, aeadEncrypt(KEY, NONCE, text, AAD));
    aeadDecrypt(KEY, NONCE, output, AAD, output.subarray(0, length));
    expectBytes(output.subarray(0, length), text);
    expectFrame();
  });

  it('leaves zeros where it does not authenticate, and the next message unharmed', () => {
    const sealed = aeadEncrypt(KEY, NONCE, text, AAD);
    const forged = sealed.with(length, (sealed[length] ?? 0) ^ 1);
    const { output, expectFrame } = framed(length);
    expect(() => aeadDecrypt(KEY, NONCE, forged, AAD, output)).toThrow(AuthenticationError);
    expectBytes(output, new Uint8Array(length));
    expectFrame();
    expectBytes(aeadDecrypt(KEY, NONCE, sealed, AAD, output), text);
  });

  it('is refused an array of another length, which stays as it is', () => {
    const sealed = aeadEncrypt(KEY, NONCE, text, AAD);
    for (const wrong of [length + TAG - 1, length + TAG + 1]) {
      const output = new Uint8Array(wrong).fill(7);
      expect(() => aeadEncrypt(KEY, NONCE, text, AAD, output)).toThrow(
        new InvalidInputError(`output must be ${length + TAG} bytes long, got ${wrong}`),
      );
      expectBytes(output, new Uint8Array(wrong).fill(7));
    }
    const output = new Uint8Array(length + 1).fill(7);
    expect(() => aeadDecrypt(KEY, NONCE, sealed, AAD, output)).toThrow(
      new InvalidInputError(`output must be ${length} bytes long, got ${length + 1}`),
    );
    expectBytes(output, new Uint8Array(length + 1).fill(7));
  });
});

describe('the place of the output', () => {
  it('is refused exactly if it overlaps the input without beginning with it', () => {
    fc.assert(
      fc.property(fc.nat(60), fc.nat(60), fc.nat(30), (inputAt, outputAt, length) => {
        const memory = new SeededRandom(inputAt).bytes(160);
        const before = memory.slice();
        const plaintext = memory.subarray(inputAt, inputAt + length);
        const expected = aeadEncrypt(KEY, NONCE, plaintext, AAD);
        const output = memory.subarray(outputAt, outputAt + length + TAG);
        const inputBytes = new Set([...plaintext.keys()].map((i) => inputAt + i));
        const overlaps = [...output.keys()].some((i) => inputBytes.has(outputAt + i));
        const seal = () => aeadEncrypt(KEY, NONCE, plaintext, AAD, output);
        if (overlaps && inputAt !== outputAt) {
          expect(seal).toThrow(new InvalidInputError('output must begin where plaintext begins, or not overlap it'));
          expectBytes(memory, before);
        } else {
          expectBytes(seal(), expected);
        }
      }),
    );
  });

  it('is refused inside the ciphertext too', () => {
    const memory = new Uint8Array(100_000);
    const output = memory.subarray(8, 8 + 80_000);
    expect(() => aeadDecrypt(KEY, NONCE, memory.subarray(0, 80_016), AAD, output)).toThrow(
      new InvalidInputError('output must begin where ciphertext begins, or not overlap it'),
    );
  });

  it('may be shared memory for what is encrypted, and not for what is decrypted', () => {
    const shared = new Uint8Array(new SharedArrayBuffer(100));
    const sealed = aeadEncrypt(KEY, NONCE, new Uint8Array(84), AAD, shared);
    expectBytes(sealed.slice(), aeadEncrypt(KEY, NONCE, new Uint8Array(84), AAD));
    expect(() => aeadDecrypt(KEY, NONCE, sealed, AAD, shared.subarray(0, 84))).toThrow(
      new InvalidInputError('output must not be in shared memory: others could read what is not verified yet'),
    );
  });

  it.each([null, 'bytes', new Uint16Array(40), [1, 2]])('is refused where it is no array of bytes: %s', (output) => {
    const wrong = output as unknown as Uint8Array;
    const text = new Uint8Array(64);
    expect(() => aeadEncrypt(KEY, NONCE, text, AAD, wrong)).toThrow(
      new InvalidInputError('output must be a Uint8Array'),
    );
    const sealed = aeadEncrypt(KEY, NONCE, text, AAD);
    expect(() => aeadDecrypt(KEY, NONCE, sealed, AAD, wrong)).toThrow(
      new InvalidInputError('output must be a Uint8Array'),
    );
  });
});
