/**
 * HKDF-SHA256 against RFC 5869 A.1–A.3, and the same functions against `node:crypto`.
 *
 * @module
 */
import { createHash, createHmac, hkdfSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { hkdfExpand, hkdfExtract, hmacSha256, sha256 } from '../../src/crypto/sha256.js';
import { fromHex, toHex } from '../support/hex.js';
import { SeededRandom } from '../support/seeded-random.js';
import { readVectors } from '../support/vectors.js';

const { tests } = readVectors<{
  source: string;
  tests: { name: string; ikm: string; salt: string; info: string; length: number; prk: string; okm: string }[];
}>('crypto/rfc5869.json');

describe('RFC 5869', () => {
  it.each(tests)('$name: the pseudorandom key and the output are as published', (test) => {
    const prk = hkdfExtract(fromHex(test.salt), fromHex(test.ikm));
    expect(toHex(prk)).toBe(test.prk);
    expect(toHex(hkdfExpand(prk, fromHex(test.info), test.length))).toBe(test.okm);
  });

  it('an absent salt counts as 32 zero bytes (§2.2)', () => {
    expect(hkdfExtract(undefined, fromHex('0b0b'))).toEqual(hkdfExtract(new Uint8Array(32), fromHex('0b0b')));
  });
});

describe('SHA-256, HMAC and HKDF agree with node:crypto', () => {
  it('for every message length from 0 to 300, in one part or three', () => {
    const random = new SeededRandom(5869);
    for (let length = 0; length <= 300; length++) {
      const message = random.bytes(length);
      const key = random.bytes(length % 150);
      const cut = random.below(length + 1);
      const digest = new Uint8Array(createHash('sha256').update(message).digest());
      expect(sha256(message)).toEqual(digest);
      expect(sha256(message.subarray(0, cut), new Uint8Array(0), message.subarray(cut))).toEqual(digest);
      expect(hmacSha256(key, message)).toEqual(new Uint8Array(createHmac('sha256', key).update(message).digest()));
    }
  });

  it('for HKDF outputs of many lengths up to 8,160', () => {
    const random = new SeededRandom(5870);
    for (const length of [1, 12, 16, 31, 32, 33, 63, 64, 65, 255, 1000, 8160]) {
      const [ikm, salt, info] = [
        random.bytes(1 + random.below(100)),
        random.bytes(random.below(100)),
        random.bytes(40),
      ];
      const okm = hkdfExpand(hkdfExtract(salt, ikm), info, length);
      expect(okm).toEqual(new Uint8Array(hkdfSync('sha256', ikm, salt, info, length)));
    }
  });
});
