/**
 * Signatures under keys that no honest generator makes: they fulfil the verification rule, but a roster must not admit them.
 *
 * @module
 */
import { ed25519 } from '@noble/curves/ed25519.js';
import { bytesToNumberLE, numberToBytesLE } from '@noble/curves/utils.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { concatBytes } from '../../src/bytes.js';

/** A key aB + T with T of order 8, and a signature that fulfils the cofactored equation of the verification rule. */
export function signWithTorsion(messageOf: (publicKey: Uint8Array) => Uint8Array) {
  const { Point } = ed25519;
  const { Fn } = Point;
  const torsion = Point.fromHex('c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a');
  const a = 12_345n;
  const r = 67_890n;
  const publicKey = Point.BASE.multiply(a).add(torsion).toBytes();
  const commitment = Point.BASE.multiply(r).toBytes();
  const digest = sha512(concatBytes(commitment, publicKey, messageOf(publicKey)));
  const k = Fn.create(bytesToNumberLE(digest));
  const s = numberToBytesLE(Fn.create(r + k * a), 32);
  return { publicKey, signature: concatBytes(commitment, s) };
}
