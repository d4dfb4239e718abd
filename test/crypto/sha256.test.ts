/**
 * SHA-256, HMAC and HKDF of the core: NIST's short messages, RFC 4231, and `node:crypto` at every length around block and window edges, whole,
 * in parts and with several hashes under way at once.
 *
 * @module
 */
import { createHash, createHmac, hkdfSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { hkdfExpand, hkdfExtract, hmacSha256, sha256 } from '../../src/crypto/sha256.js';
import { InvalidInputError } from '../../src/errors.js';
import { fromHex, toHex } from '../support/hex.js';
import { SeededRandom } from '../support/seeded-random.js';
import { readVectors } from '../support/vectors.js';

const vectors = readVectors<{
  source: string;
  sha256: { message: string; digest: string }[];
  hmacSha256: { key: string; message: string; mac: string }[];
}>('crypto/sha256.json');

const WINDOW = 65536;
const nodeSha256 = (message: Uint8Array) => createHash('sha256').update(message).digest('hex');

describe('SHA-256', () => {
  it('gives the digests of NIST’s short messages', () => {
    for (const { message, digest } of vectors.sha256) expect(toHex(sha256(fromHex(message)))).toBe(digest);
  });

  it('gives the digest of a million letters a (FIPS 180-4 examples)', () => {
    expect(toHex(sha256(new Uint8Array(1_000_000).fill(97)))).toBe(
      'cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0',
    );
  });

  it('agrees with node:crypto at every length from 0 to 400 and around the window', () => {
    const random = new SeededRandom(256);
    const lengths = Array.from({ length: 401 }, (_, length) => length);
    for (const near of [WINDOW, 2 * WINDOW, 3_000_000]) lengths.push(near - 65, near - 1, near, near + 1, near + 64);
    for (const length of lengths) {
      const message = random.bytes(length);
      expect(toHex(sha256(message))).toBe(nodeSha256(message));
    }
  });

  it('hashes parts as their concatenation', () => {
    const random = new SeededRandom(257);
    for (let round = 0; round < 200; round++) {
      const message = random.bytes(random.below(400));
      const cut = random.below(message.length + 1);
      expect(toHex(sha256(message.subarray(0, cut), message.subarray(cut)))).toBe(nodeSha256(message));
    }
  });
});

describe('HMAC-SHA256', () => {
  it('gives the MACs of RFC 4231 (one of them is published shortened)', () => {
    for (const { key, message, mac } of vectors.hmacSha256) {
      expect(toHex(hmacSha256(fromHex(key), fromHex(message))).slice(0, mac.length)).toBe(mac);
    }
  });

  it('agrees with node:crypto for keys of 0 to 130 bytes and messages up to past the window', () => {
    const random = new SeededRandom(259);
    for (let length = 0; length <= 130; length++) {
      const key = random.bytes(length);
      const message = random.bytes(length === 100 ? WINDOW + 7 : random.below(300));
      expect(toHex(hmacSha256(key, message))).toBe(createHmac('sha256', key).update(message).digest('hex'));
    }
  });
});

describe('HKDF-SHA256', () => {
  it('agrees with node:crypto for outputs of 1 to 300 and of 8,160 bytes', () => {
    const random = new SeededRandom(260);
    for (const length of [...Array.from({ length: 300 }, (_, i) => i + 1), 8160]) {
      const [salt, ikm, info] = [random.bytes(random.below(80)), random.bytes(32), random.bytes(random.below(200))];
      const expected = new Uint8Array(hkdfSync('sha256', ikm, salt, info, length));
      expect(toHex(hkdfExpand(hkdfExtract(salt, ikm), info, length))).toBe(toHex(expected));
    }
  });

  it('refuses more than 255 blocks', () => {
    expect(() => hkdfExpand(new Uint8Array(32), new Uint8Array(0), 8161)).toThrow(InvalidInputError);
  });
});
