/**
 * Ed25519 keys, signatures and verdicts against OpenSSL, where both follow RFC 8032 on honest and plainly forged signatures.
 * The rule on crafted signatures is the subject of verification-rule.test.ts.
 *
 * @module
 */
import { describe, expect, it } from 'vitest';
import { generateSigningKeypair, sign, signingPublicKey, verify, verifyBatch } from '../../src/crypto/index.js';
import { expectSameBytes } from '../support/expect-bytes.js';
import { toHex } from '../support/hex.js';
import { EXTREME_BYTES } from '../support/limb-patterns.js';
import { nodePrivateKey, nodePublicBytes, nodePublicKey, nodeSign, nodeVerify } from '../support/node-peer.js';
import { SeededRandom } from '../support/seeded-random.js';

/** The bytes with one random bit turned over. */
function flipBit(random: SeededRandom, bytes: Uint8Array): Uint8Array {
  const position = random.below(bytes.length);
  return bytes.with(position, (bytes[position] ?? 0) ^ (1 << random.below(8)));
}

describe('Ed25519 agrees with OpenSSL', () => {
  it('on 10,000 public keys and signatures, of extreme and random seeds and messages', () => {
    const random = new SeededRandom(8032);
    for (let i = 0; i < 10_000; i++) {
      const seed = EXTREME_BYTES[i] ?? random.bytes(32);
      const message = random.bytes(i % 300);
      const node = nodePrivateKey('ed25519', seed);
      expectSameBytes(signingPublicKey(seed), nodePublicBytes(node), () => `public key of ${toHex(seed)}`);
      expectSameBytes(sign(seed, message), nodeSign(node, message), () => `seed ${toHex(seed)}, ${i % 300} bytes`);
    }
  });

  it('on signatures of every message length around SHA-512 blocks and around 64 KiB, and of 3 MiB', () => {
    const random = new SeededRandom(8033);
    const lengths = Array.from({ length: 400 }, (_, i) => i);
    for (const boundary of [65536, 73728, 131072]) {
      for (let delta = -200; delta <= 200; delta += 7) lengths.push(boundary + delta);
      lengths.push(boundary - 64, boundary - 32, boundary - 1, boundary, boundary + 1);
    }
    lengths.push(1 << 20, 3 << 20);
    const seed = random.bytes(32);
    const publicKey = signingPublicKey(seed);
    const node = nodePrivateKey('ed25519', seed);
    for (const length of lengths) {
      const message = random.bytes(length);
      const signature = sign(seed, message);
      expectSameBytes(signature, nodeSign(node, message), () => `message of ${length} bytes`);
      expect(verify(publicKey, signature, message), `message of ${length} bytes`).toBe(true);
    }
  });

  it('on 10,000 verdicts: true ones, and one bit wrong in key, signature or message, alone and as batches', () => {
    const random = new SeededRandom(8034);
    const items: { publicKey: Uint8Array; signature: Uint8Array; message: Uint8Array }[] = [];
    const expected: boolean[] = [];
    const signers = Array.from({ length: 100 }, () => {
      const seed = random.bytes(32);
      return { seed, publicKey: signingPublicKey(seed), node: nodePublicKey('ed25519', signingPublicKey(seed)) };
    });
    for (let i = 0; i < 10_000; i++) {
      const { seed, publicKey, node } = random.pick(signers);
      const message = random.bytes(1 + (i % 200));
      const signature = sign(seed, message);
      const kind = i % 4;
      const item = {
        publicKey: kind === 1 ? flipBit(random, publicKey) : publicKey,
        signature: kind === 2 ? flipBit(random, signature) : signature,
        message: kind === 3 ? flipBit(random, message) : message,
      };
      const key = kind === 1 ? nodePublicKey('ed25519', item.publicKey) : node;
      items.push(item);
      expected.push(nodeVerify(key, item.signature, item.message));
    }
    expect(expected.filter(Boolean)).toHaveLength(2500);
    expect(items.map((item) => verify(item.publicKey, item.signature, item.message))).toEqual(expected);
    expect(verifyBatch(items)).toEqual(expected);
  });
});

describe('Ed25519', () => {
  it('fresh key pairs sign what they verify, and no two are alike', () => {
    const pairs = Array.from({ length: 50 }, () => generateSigningKeypair());
    expect(new Set(pairs.map(({ privateKey }) => toHex(privateKey))).size).toBe(50);
    for (const { privateKey, publicKey } of pairs) {
      expect(signingPublicKey(privateKey)).toEqual(publicKey);
      expect(verify(publicKey, sign(privateKey, publicKey), publicKey)).toBe(true);
    }
  });
});
