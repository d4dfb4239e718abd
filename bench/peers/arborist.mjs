/**
 * arborist-mesh itself, through its public entry point and with raw keys, as a program would call it.
 *
 * @module
 */

import { sha256 } from '@noble/hashes/sha2.js';
import * as crypto from 'arborist-mesh/crypto';
import { fromRaw, intoReadyArray } from './per-input.mjs';

const NONE = new Uint8Array(0);
const hash = await librarysSha256();
const TAG_BYTES = 16;

/** What is remembered of signers is found by the array of their keys: nothing is known of one in a fresh array. */
const signWithFreshArray = fromRaw((/** @type {import('../types.js').SignInput} */ { privateKey, message }) =>
  crypto.sign(privateKey.slice(), message),
);

/** @type {import('../types.js').PeerForm} */
export const arboristForm = {
  id: 'arborist',
  label: 'arborist-mesh',
  operations: {
    x25519: fromRaw(({ privateKey, peerPublicKey }) => crypto.x25519(privateKey, peerPublicKey)),
    dhPublicKey: fromRaw(({ privateKey }) => crypto.dhPublicKey(privateKey)),
    sign: fromRaw(({ privateKey, message }) => crypto.sign(privateKey, message)),
    signForgotten: signWithFreshArray,
    signFromSeed: signWithFreshArray,
    verify: fromRaw(({ publicKey, signature, message }) => crypto.verify(publicKey, signature, message)),
    verifyBatch: fromRaw(({ items }) => crypto.verifyBatch(items)),
    aeadEncrypt: fromRaw(({ key, nonce, text }) => crypto.aeadEncrypt(key, nonce, text)),
    aeadDecrypt: fromRaw(({ key, nonce, text }) => crypto.aeadDecrypt(key, nonce, text)),
    aeadEncryptInto: intoReadyArray(TAG_BYTES, ({ key, nonce, text }, output) =>
      crypto.aeadEncrypt(key, nonce, text, NONE, output),
    ),
    aeadDecryptInto: intoReadyArray(-TAG_BYTES, ({ key, nonce, text }, output) =>
      crypto.aeadDecrypt(key, nonce, text, NONE, output),
    ),
    xaeadEncrypt: fromRaw(({ key, nonce, text }) => crypto.aeadEncrypt(key, nonce, text)),
    hpkeSeal: fromRaw(({ publicKey, plaintext, info }) => crypto.hpkeSeal(publicKey, plaintext, { info })),
    hpkeOpen: fromRaw(({ privateKey, enc, ciphertext, info }) =>
      crypto.hpkeOpen(privateKey, enc, ciphertext, { info }),
    ),
    sha256: fromRaw((message) => hash(message)),
    openSeal: fromRaw(({ key, nonce, text, aad }) => crypto.aeadDecrypt(key, nonce, text, aad)),
    hpkeSealMany: fromRaw(({ recipients }) => crypto.hpkeSealMany(recipients, recipients[0]?.plaintext ?? NONE)),
  },
};

/** SHA-256 is no export of the library. Node, Deno and Bun have the one that it takes there. */
async function librarysSha256() {
  try {
    const { createHash } = await import('node:crypto');
    return (/** @type {Uint8Array} */ message) => createHash('sha256').update(message).digest();
  } catch {
    return sha256;
  }
}

/** @type {import('../types.js').Peer} */
export const arborist = { id: 'arborist', load: async () => [arboristForm] };
