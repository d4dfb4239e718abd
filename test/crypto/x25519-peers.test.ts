/**
 * X25519 and its public keys against OpenSSL and `@noble/curves`, on random inputs and on those where carries are longest.
 *
 * @module
 */
import { x25519 as noble } from '@noble/curves/ed25519.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dhPublicKey, ecdhSharedSecret, InvalidInputError, x25519 } from '../../src/crypto/index.js';
import { hkdfExtract } from '../../src/crypto/sha256.js';
import { expectSameBytes } from '../support/expect-bytes.js';
import { toHex } from '../support/hex.js';
import { EXTREME_BYTES } from '../support/limb-patterns.js';
import { LOW_ORDER_U } from '../support/low-order-points.js';
import { nodePrivateKey, nodePublicBytes, nodePublicKey, nodeX25519 } from '../support/node-peer.js';
import { SeededRandom } from '../support/seeded-random.js';

const random = new SeededRandom(7748);

/** Scalars at the extremes: no bit, all bits, single bits at the ends, runs of one digit, and random ones. */
const SCALARS: readonly Uint8Array[] = [
  new Uint8Array(32),
  new Uint8Array(32).fill(0xff),
  new Uint8Array(32).fill(0xaa),
  new Uint8Array(32).fill(0x55),
  new Uint8Array(32).with(0, 1),
  new Uint8Array(32).with(0, 8),
  new Uint8Array(32).with(31, 0x80),
  new Uint8Array(32).with(31, 0x3f),
  new Uint8Array(32).fill(0x0f),
  new Uint8Array(32).fill(0xf0),
  new Uint8Array(32).fill(0x80),
  new Uint8Array(32).fill(0x7f),
  ...Array.from({ length: 28 }, () => random.bytes(32)),
];

function ours(privateKey: Uint8Array, peer: Uint8Array): Uint8Array | null {
  try {
    return x25519(privateKey, peer);
  } catch (error) {
    expect(error).toBeInstanceOf(InvalidInputError);
    return null;
  }
}

describe('X25519 agrees with OpenSSL', () => {
  it('for every extreme or low-order u, canonical or not, under extreme and random scalars (over 10,000 pairs)', () => {
    const points = [...EXTREME_BYTES, ...LOW_ORDER_U];
    const peers = points.map((bytes) => ({ bytes, node: nodePublicKey('x25519', bytes) }));
    let refused = 0;
    for (const scalar of SCALARS) {
      const privateKey = nodePrivateKey('x25519', scalar);
      for (const { bytes, node } of peers) {
        const expected = nodeX25519(privateKey, node);
        const actual = ours(scalar, bytes);
        const named = () => `scalar ${toHex(scalar)}, u ${toHex(bytes)}`;
        if (expected === null || actual === null) {
          expect(actual, named()).toBe(expected);
          refused++;
        } else expectSameBytes(actual, expected, named);
      }
    }
    expect(SCALARS.length * peers.length).toBeGreaterThanOrEqual(10_000);
    expect(refused).toBeGreaterThanOrEqual(SCALARS.length * LOW_ORDER_U.length);
  });

  it('for 2,500 random pairs', () => {
    const privates = Array.from({ length: 50 }, () => random.bytes(32));
    const publics = Array.from({ length: 50 }, () => random.bytes(32));
    const nodePublics = publics.map((bytes) => nodePublicKey('x25519', bytes));
    for (const privateKey of privates) {
      const nodePrivate = nodePrivateKey('x25519', privateKey);
      publics.forEach((bytes, i) => {
        const expected = nodeX25519(nodePrivate, nodePublics[i] as (typeof nodePublics)[number]);
        expect(expected).not.toBeNull();
        if (expected === null) return;
        expectSameBytes(x25519(privateKey, bytes), expected, () => `${toHex(privateKey)} ${toHex(bytes)}`);
      });
    }
  });

  it('for 10,000 public keys', () => {
    for (let i = 0; i < 10_000; i++) {
      const privateKey = SCALARS[i] ?? EXTREME_BYTES[i - SCALARS.length] ?? random.bytes(32);
      const expected = nodePublicBytes(nodePrivateKey('x25519', privateKey));
      expectSameBytes(dhPublicKey(privateKey), expected, () => toHex(privateKey));
    }
  });
});

describe('X25519', () => {
  it('agrees with @noble/curves, an implementation without OpenSSL’s code, on extreme u', () => {
    for (const peer of EXTREME_BYTES) {
      const privateKey = random.bytes(32);
      let expected: Uint8Array | null = null;
      try {
        expected = noble.getSharedSecret(privateKey, peer);
      } catch {
        expected = null;
      }
      expect(ours(privateKey, peer), toHex(peer)).toEqual(expected);
    }
  });

  it('refuses every low-order point under every scalar', () => {
    for (const peer of LOW_ORDER_U) {
      for (const scalar of SCALARS) {
        expect(() => x25519(scalar, peer)).toThrow(InvalidInputError);
        expect(() => ecdhSharedSecret(scalar, peer)).toThrow(InvalidInputError);
      }
    }
  });

  const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 });

  it('gives both sides the same secret, and dhPublicKey is the multiple of the base point 9', () => {
    const base = new Uint8Array(32).with(0, 9);
    fc.assert(
      fc.property(bytes32, bytes32, (alice, bob) => {
        expect(x25519(alice, dhPublicKey(bob))).toEqual(x25519(bob, dhPublicKey(alice)));
        expect(x25519(alice, base)).toEqual(dhPublicKey(alice));
      }),
      { seed: 7748, numRuns: 200 },
    );
  });

  it('ignores the scalar bits that clamping fixes and the top bit of u (RFC 7748 §5)', () => {
    fc.assert(
      fc.property(
        bytes32,
        bytes32,
        fc.integer({ min: 0, max: 7 }),
        fc.integer({ min: 0, max: 3 }),
        (k, u, low, high) => {
          const sameScalar = k.with(0, ((k[0] ?? 0) & 0xf8) | low).with(31, ((k[31] ?? 0) & 0x3f) | (high << 6));
          const samePoint = u.with(31, (u[31] ?? 0) ^ 0x80);
          expect(ours(sameScalar, samePoint)).toEqual(ours(k, u));
        },
      ),
      { seed: 7749, numRuns: 200 },
    );
  });

  it('ecdhSharedSecret is HKDF-Extract without salt over the X25519 result', () => {
    fc.assert(
      fc.property(bytes32, bytes32, (alice, bob) => {
        const peer = dhPublicKey(bob);
        expect(ecdhSharedSecret(alice, peer)).toEqual(hkdfExtract(undefined, x25519(alice, peer)));
      }),
      { seed: 5869, numRuns: 50 },
    );
  });
});
