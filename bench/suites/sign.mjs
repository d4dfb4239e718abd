/**
 * Ed25519 signatures (RFC 8032) of 100-byte messages: by one signer, as in a peer, and by another one in every call.
 *
 * @module
 */
import { ed25519 as reference } from '@noble/curves/ed25519.js';
import { byteSource, sameBytes } from '../bytes.mjs';
import { task } from './task.mjs';

const MESSAGES = 64;
const ONE_SIGNER = 'One signer, as in a peer.';
const MANY_SIGNERS = 'No call finds anything remembered of its signer.';
const EXPANDED = 'libsodium.js, stablelib and tweetnacl get the expanded 64-byte key they want.';

/** @type {import('../types.js').Suite} */
export const sign = {
  id: 'sign',
  title: 'Signing',
  cases: () => [
    signCase('sign', 'sign, 100 B', 1, `${ONE_SIGNER} ${EXPANDED}`),
    signCase('sign-many', 'sign, 100 B, another key each time', MESSAGES, `${MANY_SIGNERS} ${EXPANDED}`),
  ],
};

/**
 * @param {string} id
 * @param {string} title
 * @param {number} signers
 * @param {string} note
 * @returns {import('../types.js').Case}
 */
function signCase(id, title, signers, note) {
  const bytes = byteSource(3);
  const keys = Array.from({ length: signers }, () => {
    const privateKey = bytes(32);
    return { privateKey, publicKey: reference.getPublicKey(privateKey) };
  });
  const inputs = Array.from({ length: MESSAGES }, (_, index) => ({
    .../** @type {typeof keys[number]} */ (keys[index % signers]),
    message: bytes(100),
  }));
  return {
    id,
    title,
    item: 'signature',
    note,
    tasks: [
      task({
        operation: (operations) => operations.sign,
        inputs,
        check: (result, { privateKey, message }) => sameBytes(result, reference.sign(message, privateKey)),
      }),
    ],
  };
}
