/**
 * Signed messages as inputs for verification.
 *
 * @module
 */
import { sign, signingPublicKey } from 'arborist-mesh/crypto';
import { byteSource } from '../bytes.mjs';

/**
 * `count` messages, signed by `senders` different keys in turn.
 *
 * @param {number} count
 * @param {number} senders
 * @param {number} seed
 * @param {number} [length] of a message, in bytes
 * @returns {import('../types.js').VerifyInput[]}
 */
export function signedMessages(count, senders, seed, length = 100) {
  const bytes = byteSource(seed);
  const keys = Array.from({ length: senders }, () => {
    const privateKey = bytes(32);
    return { privateKey, publicKey: signingPublicKey(privateKey) };
  });
  return keys.length === 0
    ? []
    : Array.from({ length: count }, (_, index) => {
        const { privateKey, publicKey } = /** @type {typeof keys[number]} */ (keys[index % keys.length]);
        const message = bytes(length);
        return { publicKey, message, signature: sign(privateKey, message) };
      });
}
