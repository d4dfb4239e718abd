/** Both implementations behind `#sha256`, against each other and against Node's. */
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { concatBytes } from '../../src/bytes.js';
import { sha256 } from '../../src/crypto/sha256.js';
import * as core from '../../src/crypto/sha256-stream.core.js';
import * as node from '../../src/crypto/sha256-stream.node.js';
import { toHex } from '../support/hex.js';
import { SeededRandom } from '../support/seeded-random.js';

const expected = (...parts: Uint8Array[]) =>
  createHash('sha256')
    .update(concatBytes(...parts))
    .digest('hex');

describe.each([
  ['the core', core],
  ['the platform', node],
])('SHA-256 for documents, by %s', (_, { createSha256, sha256Of }) => {
  it('gives the digest of all that it took in, however it was cut, while others are under way', () => {
    const random = new SeededRandom(258);
    const running = Array.from({ length: 5 }, (_, i) => ({
      message: random.bytes(i === 0 ? 200_000 : random.below(3000)),
      hash: createSha256(),
      taken: 0,
    }));
    for (let pending = running; pending.length > 0; pending = pending.filter((one) => one.taken < one.message.length)) {
      for (const one of pending) {
        const size = random.below(one.message.length > 10_000 ? 80_000 : 200);
        one.hash.update(one.message.subarray(one.taken, one.taken + size));
        one.taken += size;
      }
      sha256(random.bytes(10));
    }
    for (const { message, hash } of running) expect(toHex(hash.digest())).toBe(expected(message));
  });

  it('gives the digest of nothing', () => {
    expect(toHex(createSha256().digest())).toBe(expected());
  });

  it('gives the digest of a prefix and bytes of every length about its limits', () => {
    const random = new SeededRandom(1);
    const lengths = [...Array(300).keys(), 510, 511, 512, 513, 1_000, 65_535, 65_536, 65_537, 200_000];
    for (const length of lengths) {
      const bytes = random.bytes(length);
      expect(toHex(sha256Of(Uint8Array.of(0), bytes))).toBe(expected(Uint8Array.of(0), bytes));
    }
  });
});
