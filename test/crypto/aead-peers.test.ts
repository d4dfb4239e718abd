/**
 * ChaCha20-Poly1305 against OpenSSL and XChaCha20-Poly1305 against `@noble/ciphers`: every short length, the edges of the core's 64 KiB
 * window, long random texts, crafted Poly1305 inputs, and every kind of forgery.
 *
 * @module
 */
import { xchacha20poly1305 } from '@noble/ciphers/chacha.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AuthenticationError, aeadDecrypt, aeadEncrypt } from '../../src/crypto/index.js';
import { expectSameBytes } from '../support/expect-bytes.js';
import { nodeSeal } from '../support/node-peer.js';
import { SeededRandom } from '../support/seeded-random.js';

type Seal = (key: Uint8Array, nonce: Uint8Array, plaintext: Uint8Array, aad: Uint8Array) => Uint8Array;

const VARIANTS: readonly { name: string; nonceLength: number; peer: Seal }[] = [
  { name: 'ChaCha20-Poly1305', nonceLength: 12, peer: nodeSeal },
  {
    name: 'XChaCha20-Poly1305',
    nonceLength: 24,
    peer: (key, nonce, plaintext, aad) => xchacha20poly1305(key, nonce, aad).encrypt(plaintext),
  },
];

/** Text lengths at which blocks of 16, 64 and 256 bytes and the window of 65,536 begin and end. */
const WINDOW_LENGTHS = [65536, 131072, 196608].flatMap((window) =>
  [-257, -256, -65, -64, -63, -17, -16, -15, -1, 0, 1, 15, 16, 17, 63, 64, 65, 255, 256, 257].map((d) => window + d),
);

describe.each(VARIANTS)('$name', ({ nonceLength, peer }) => {
  function expectAgreement(random: SeededRandom, textLength: number, aadLength: number) {
    const [key, nonce] = [random.bytes(32), random.bytes(nonceLength)];
    const [plaintext, aad] = [random.bytes(textLength), random.bytes(aadLength)];
    const named = () => `text of ${textLength} bytes, aad of ${aadLength}`;
    const sealed = aeadEncrypt(key, nonce, plaintext, aad);
    expectSameBytes(sealed, peer(key, nonce, plaintext, aad), named);
    expectSameBytes(aeadDecrypt(key, nonce, sealed, aad), plaintext, named);
  }

  it('agrees for every text length from 0 to 1,100', () => {
    const random = new SeededRandom(8439);
    for (let length = 0; length <= 1100; length++) expectAgreement(random, length, length % 19);
  });

  it('agrees for every aad length from 0 to 70, with texts around the block lengths', () => {
    const random = new SeededRandom(8440);
    for (let aad = 0; aad <= 70; aad++) {
      for (const text of [0, 1, 15, 16, 17, 63, 64, 65, 127, 128, 192, 255, 256, 257, 320])
        expectAgreement(random, text, aad);
    }
  });

  it('agrees around the edges of the 64 KiB window, also with long aad', () => {
    const random = new SeededRandom(8441);
    for (const length of WINDOW_LENGTHS) expectAgreement(random, length, random.below(40));
    for (const length of [4096, 8192, 65535, 65536, 65537, 73728, 200_000]) expectAgreement(random, 100, length);
  });

  it('agrees for random texts up to 3 MiB', () => {
    const random = new SeededRandom(8442);
    for (let i = 0; i < 60; i++) expectAgreement(random, random.below(1 << (10 + (i % 11))), random.below(200));
    expectAgreement(random, 3 << 20, 33);
    expectAgreement(random, 2_999_999, 0);
  });

  it('agrees where every Poly1305 block is all ones, or all zeros, for every length up to 600', () => {
    const random = new SeededRandom(8443);
    for (const filler of [0xff, 0x00, 0xfb]) {
      const [key, nonce] = [random.bytes(32), random.bytes(nonceLength)];
      const keyStream = aeadEncrypt(key, nonce, new Uint8Array(600));
      for (let length = 0; length <= 600; length++) {
        const plaintext = keyStream.slice(0, length).map((byte) => byte ^ filler);
        const aad = new Uint8Array(length % 49).fill(filler);
        const sealed = aeadEncrypt(key, nonce, plaintext, aad);
        expectSameBytes(sealed, peer(key, nonce, plaintext, aad), () => `${length} bytes of ${filler}`);
        expect(sealed.subarray(0, length).every((byte) => byte === filler)).toBe(true);
      }
    }
  });

  it('without aad is the same as with an empty one', () => {
    const random = new SeededRandom(8444);
    const [key, nonce, text] = [random.bytes(32), random.bytes(nonceLength), random.bytes(50)];
    expect(aeadEncrypt(key, nonce, text)).toEqual(aeadEncrypt(key, nonce, text, new Uint8Array(0)));
    expect(aeadDecrypt(key, nonce, aeadEncrypt(key, nonce, text))).toEqual(text);
  });

  it('refuses every single wrong bit of a short message: text, tag, aad, nonce and key', () => {
    const random = new SeededRandom(8445);
    const parts = [random.bytes(32), random.bytes(nonceLength), random.bytes(40), random.bytes(11)] as const;
    const [key, nonce, plaintext, aad] = parts;
    const honest = [key, nonce, aeadEncrypt(key, nonce, plaintext, aad), aad] as const;
    honest.forEach((part, which) => {
      for (let bit = 0; bit < 8 * part.length; bit++) {
        const forged = honest.map((bytes, i) =>
          i === which ? bytes.with(bit >>> 3, (bytes[bit >>> 3] ?? 0) ^ (1 << (bit & 7))) : bytes,
        ) as [Uint8Array, Uint8Array, Uint8Array, Uint8Array];
        expect(() => aeadDecrypt(...forged), `part ${which}, bit ${bit}`).toThrow(AuthenticationError);
      }
    });
  });

  it('refuses truncated, extended and shifted messages, and moves of bytes between text and aad', () => {
    const random = new SeededRandom(8446);
    const [key, nonce] = [random.bytes(32), random.bytes(nonceLength)];
    for (const length of [0, 1, 16, 64, 100, 300]) {
      const aad = random.bytes(20);
      const sealed = aeadEncrypt(key, nonce, random.bytes(length), aad);
      for (let cut = 0; cut < sealed.length; cut++) {
        expect(() => aeadDecrypt(key, nonce, sealed.slice(0, cut), aad), `cut at ${cut}`).toThrow(AuthenticationError);
      }
      expect(() => aeadDecrypt(key, nonce, Uint8Array.of(...sealed, 0), aad)).toThrow(AuthenticationError);
      expect(() => aeadDecrypt(key, nonce, sealed, aad.slice(1))).toThrow(AuthenticationError);
      expect(() => aeadDecrypt(key, nonce, sealed, Uint8Array.of(...aad, 0))).toThrow(AuthenticationError);
      const moved = Uint8Array.of(aad.at(-1) ?? 0, ...sealed);
      expect(() => aeadDecrypt(key, nonce, moved, aad.slice(0, -1))).toThrow(AuthenticationError);
    }
  });

  it('refuses a wrong bit anywhere in a message longer than the window', () => {
    const random = new SeededRandom(8447);
    const [key, nonce] = [random.bytes(32), random.bytes(nonceLength)];
    const sealed = aeadEncrypt(key, nonce, random.bytes(200_000));
    for (const position of [0, 65535, 65536, 131071, 131072, 199_999, 200_000, 200_015]) {
      const forged = sealed.with(position, (sealed[position] ?? 0) ^ 0x40);
      expect(() => aeadDecrypt(key, nonce, forged), `byte ${position}`).toThrow(AuthenticationError);
    }
  });

  it('leaves its arguments as they are, and returns arrays of their own', () => {
    const exactly = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
    const property = fc.property(
      exactly(32),
      exactly(nonceLength),
      fc.uint8Array({ maxLength: 500 }),
      fc.uint8Array({ maxLength: 60 }),
      (key, nonce, plaintext, aad) => {
        const before = [key, nonce, plaintext, aad].map((bytes) => bytes.slice());
        const sealed = aeadEncrypt(key, nonce, plaintext, aad);
        const kept = sealed.slice();
        const opened = aeadDecrypt(key, nonce, sealed, aad);
        expect([key, nonce, plaintext, aad]).toEqual(before);
        expect(sealed).toEqual(kept);
        expect(sealed.buffer.byteLength).toBe(plaintext.length + 16);
        expect(opened.buffer.byteLength).toBe(plaintext.length);
      },
    );
    fc.assert(property, { seed: 8439, numRuns: 100 });
  });
});
