/**
 * X25519 against the figures of RFC 7748.
 *
 * @module
 */
import { describe, expect, it } from 'vitest';
import { dhPublicKey, x25519 } from '../../src/crypto/index.js';
import { fromHex, toHex } from '../support/hex.js';
import { readVectors } from '../support/vectors.js';

const vectors = readVectors<{
  source: string;
  scalarMultiplications: { scalar: string; u: string; result: string }[];
  iterated: { start: string; after1: string; after1000: string };
  diffieHellman: Record<'alicePrivate' | 'alicePublic' | 'bobPrivate' | 'bobPublic' | 'shared', string>;
}>('crypto/rfc7748.json');

describe('RFC 7748', () => {
  it('§5.2: both scalar multiplications give the published results', () => {
    expect(vectors.scalarMultiplications).toHaveLength(2);
    for (const { scalar, u, result } of vectors.scalarMultiplications) {
      expect(toHex(x25519(fromHex(scalar), fromHex(u)))).toBe(result);
    }
  });

  it('§5.2: the iterated multiplication gives the published values after 1 and 1,000 rounds', () => {
    let scalar = fromHex(vectors.iterated.start);
    let u = scalar;
    for (let round = 1; round <= 1000; round++) {
      const next = x25519(scalar, u);
      u = scalar;
      scalar = next;
      if (round === 1) expect(toHex(scalar)).toBe(vectors.iterated.after1);
    }
    expect(toHex(scalar)).toBe(vectors.iterated.after1000);
  });

  it('§6.1: both sides of the Diffie-Hellman derive the published keys and secret', () => {
    const { alicePrivate, alicePublic, bobPrivate, bobPublic, shared } = vectors.diffieHellman;
    expect(toHex(dhPublicKey(fromHex(alicePrivate)))).toBe(alicePublic);
    expect(toHex(dhPublicKey(fromHex(bobPrivate)))).toBe(bobPublic);
    expect(toHex(x25519(fromHex(alicePrivate), fromHex(bobPublic)))).toBe(shared);
    expect(toHex(x25519(fromHex(bobPrivate), fromHex(alicePublic)))).toBe(shared);
  });
});
