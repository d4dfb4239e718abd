/**
 * Many X25519 key agreements and public keys that share one inversion, against one at a time by `@noble/curves`.
 *
 * @module
 */
import { x25519 as noble } from '@noble/curves/ed25519.js';
import { describe, expect, it } from 'vitest';
import { x25519WithPublicKeys } from '../../src/crypto/x25519.js';
import { toHex } from '../support/hex.js';
import { EXTREME_BYTES } from '../support/limb-patterns.js';
import { LOW_ORDER_U } from '../support/low-order-points.js';
import { SeededRandom } from '../support/seeded-random.js';

const random = new SeededRandom(7748);
const ZERO = new Uint8Array(32);

/** RFC 7748's function: all zeros for a point of low order, where noble throws. */
function expectedSecret(privateKey: Uint8Array, point: Uint8Array): Uint8Array {
  try {
    return noble.getSharedSecret(privateKey, point);
  } catch {
    return ZERO;
  }
}

function expectAgreements(privateKeys: readonly Uint8Array[], points: readonly Uint8Array[]): void {
  const expected = privateKeys.map((key, i) => ({
    secret: toHex(expectedSecret(key, points[i] ?? ZERO)),
    publicKey: toHex(noble.getPublicKey(key)),
  }));
  const agreements = x25519WithPublicKeys(privateKeys, points);
  expect(agreements.map(({ secret, publicKey }) => ({ secret: toHex(secret), publicKey: toHex(publicKey) }))).toEqual(
    expected,
  );
}

const randomKeys = (count: number) => Array.from({ length: count }, () => random.bytes(32));

describe('X25519 for many pairs, with public keys', () => {
  it('gives nothing for nothing', () => {
    expect(x25519WithPublicKeys([], [])).toEqual([]);
  });

  it.each([1, 2, 31, 32, 33, 64, 70])('agrees with one at a time for %i random pairs', (count) => {
    expectAgreements(randomKeys(count), randomKeys(count));
  });

  it('agrees on every extreme u, canonical or not', () => {
    expectAgreements(randomKeys(EXTREME_BYTES.length), EXTREME_BYTES);
  });

  it('lets no point of low order disturb its neighbours, wherever it stands', () => {
    for (const position of [0, 1, 15, 30, 31]) {
      const points = randomKeys(32);
      points[position] = random.pick(LOW_ORDER_U);
      expectAgreements(randomKeys(32), points);
    }
  });

  it('gives all zeros for every encoding of a point of low order, alone and together', () => {
    const keys = randomKeys(LOW_ORDER_U.length);
    const secrets = (privateKeys: readonly Uint8Array[], points: readonly Uint8Array[]) =>
      x25519WithPublicKeys(privateKeys, points).map(({ secret }) => secret);
    expect(secrets(keys, LOW_ORDER_U)).toEqual(LOW_ORDER_U.map(() => ZERO));
    LOW_ORDER_U.forEach((point, i) => {
      expect(secrets([keys[i] ?? ZERO], [point])).toEqual([ZERO]);
    });
  });

  it('agrees for extreme scalars', () => {
    const scalars = [0x00, 0xff, 0xaa, 0x55, 0x0f, 0xf0, 0x80, 0x7f].map((byte) => new Uint8Array(32).fill(byte));
    expectAgreements(scalars, randomKeys(scalars.length));
  });
});
