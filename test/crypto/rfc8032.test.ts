/**
 * Ed25519 against the five tests of RFC 8032 §7.1.
 *
 * @module
 */
import { describe, expect, it } from 'vitest';
import { sign, signingPublicKey, verify, verifyBatch } from '../../src/crypto/index.js';
import { fromHex, toHex } from '../support/hex.js';
import { readVectors } from '../support/vectors.js';

const { tests } = readVectors<{
  source: string;
  tests: Record<'name' | 'privateKey' | 'publicKey' | 'message' | 'signature', string>[];
}>('crypto/rfc8032.json');

describe('RFC 8032 §7.1', () => {
  it('has its five tests here', () => expect(tests).toHaveLength(5));

  it.each(tests)('$name: key, signature and verdict are as published', (test) => {
    const privateKey = fromHex(test.privateKey);
    const message = fromHex(test.message);
    expect(toHex(signingPublicKey(privateKey))).toBe(test.publicKey);
    expect(toHex(sign(privateKey, message))).toBe(test.signature);
    expect(verify(fromHex(test.publicKey), fromHex(test.signature), message)).toBe(true);
  });

  it('the five together verify as a batch, and a wrong one among them is the only one refused', () => {
    const items = tests.map((test) => ({
      publicKey: fromHex(test.publicKey),
      signature: fromHex(test.signature),
      message: fromHex(test.message),
    }));
    expect(verifyBatch(items)).toEqual([true, true, true, true, true]);
    const forged = items.map((item, i) => (i === 2 ? { ...item, message: fromHex('af83') } : item));
    expect(verifyBatch(forged)).toEqual([true, true, false, true, true]);
  });
});
