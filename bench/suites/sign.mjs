/**
 * Ed25519 signatures (RFC 8032) of 100-byte messages: by one signer, as in a peer; by many in turn, as in a process with
 * many identities; by one that is met again when arborist-mesh has forgotten it; and by a signer that nobody has met, whose
 * seed is all there is.
 *
 * @module
 */
import { ed25519 as reference } from '@noble/curves/ed25519.js';
import { byteSource, sameBytes } from '../bytes.mjs';
import { task } from './task.mjs';

const MESSAGES = 64;
const EXPANDED = 'libsodium.js, stablelib and tweetnacl get the expanded 64-byte key they want.';

/** @type {import('../types.js').Suite} */
export const sign = {
  id: 'sign',
  title: 'Signing',
  cases: () => [
    signCase('sign', 'sign, 100 B', 1, `One signer, as in a peer. ${EXPANDED}`, ({ sign }) => sign),
    signCase('sign-many', 'sign, 100 B, 64 signers in turn', MESSAGES, EXPANDED, ({ sign }) => sign),
    signCase(
      'sign-forgotten',
      'sign, 100 B, a forgotten signer each time',
      MESSAGES,
      `arborist-mesh has the seed alone and makes the public key anew. ${EXPANDED}`,
      ({ sign, signForgotten }) => signForgotten ?? sign,
    ),
    signCase(
      'sign-new',
      'sign, 100 B, a new signer each time',
      MESSAGES,
      'Nothing is there but the seed: the public key has to be made as well.',
      ({ signFromSeed }) => signFromSeed,
    ),
  ],
};

/**
 * @param {string} id
 * @param {string} title
 * @param {number} signers
 * @param {string} note
 * @param {(operations: import('../types.js').Operations) => import('../types.js').Operations['sign']} operation
 * @returns {import('../types.js').Case}
 */
function signCase(id, title, signers, note, operation) {
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
        operation,
        inputs,
        check: (result, { privateKey, message }) => sameBytes(result, reference.sign(message, privateKey)),
      }),
    ],
  };
}
