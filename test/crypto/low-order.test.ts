/** The list of low-order keys against X25519 itself, which gives all zeros with them and with no others. */
import { describe, expect, test } from 'vitest';
import { isLowOrder } from '../../src/crypto/low-order.js';
import { x25519 } from '../../src/crypto/x25519.js';
import { LOW_ORDER_U } from '../support/low-order-points.js';
import { SeededRandom } from '../support/seeded-random.js';

const random = new SeededRandom(25519);

/** What X25519 says; every clamped scalar is a multiple of 8, and below the order of every other point. */
function givesZeros(publicKey: Uint8Array): boolean {
  try {
    x25519(random.bytes(32), publicKey);
    return false;
  } catch {
    return true;
  }
}

describe('A key of low order', () => {
  test('is told, in every encoding', () => {
    expect(LOW_ORDER_U).toHaveLength(14);
    for (const key of LOW_ORDER_U) expect([isLowOrder(key), givesZeros(key)]).toEqual([true, true]);
  });

  test('is no other: neighbours of one bit or one unit, every encoding from p on, random keys', () => {
    const flipped = LOW_ORDER_U.flatMap((key) =>
      Array.from({ length: 255 }, (_, bit) => key.with(bit >> 3, (key[bit >> 3] ?? 0) ^ (1 << (bit & 7)))),
    );
    const fromP = Array.from({ length: 20 }, (_, i) =>
      new Uint8Array(32)
        .fill(0xff)
        .with(0, 0xec + i)
        .with(31, 0x7f),
    );
    const others = Array.from({ length: 500 }, () => random.bytes(32));
    for (const key of [...flipped, ...fromP, ...others]) expect(isLowOrder(key)).toBe(givesZeros(key));
  });
});
