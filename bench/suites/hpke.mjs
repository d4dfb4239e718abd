/**
 * HPKE (RFC 9180, base mode, X25519 / HKDF-SHA256 / ChaCha20-Poly1305) of a 32-byte secret, the size of an epoch's:
 * single shots, and one secret for a thousand recipients.
 *
 * @module
 */

import { chacha20poly1305 } from '@noble/ciphers/chacha.js';
import { x25519 } from '@noble/curves/ed25519.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { hpkeSeal } from 'arborist-mesh/crypto';
import { byteSource, sameBytes } from '../bytes.mjs';
import { composeHpke } from '../peers/composed-hpke.mjs';
import { task } from './task.mjs';

/** About what an envelope slot binds: ids, hashes and keys. */
const INFO_BYTES = 262;
const MANY = 1_000;

/** How many of the seals for a thousand recipients are opened again, which takes milliseconds each. */
const OPENED_OF_MANY = 8;

/** HPKE from @noble's primitives: slow, and independent of what is measured. */
const reference = composeHpke({
  /** @returns {{ privateKey: Uint8Array, enc: Uint8Array }} */
  generateKeypair: () => {
    const { secretKey, publicKey } = x25519.keygen();
    return { privateKey: secretKey, enc: publicKey };
  },
  dh: (/** @type {Uint8Array} */ privateKey, /** @type {Uint8Array} */ publicKey) =>
    x25519.getSharedSecret(privateKey, publicKey),
  hmac: (key, message) => hmac(sha256, key, message),
  seal: (key, nonce, plaintext) => chacha20poly1305(key, nonce).encrypt(plaintext),
  open: (key, nonce, ciphertext) => chacha20poly1305(key, nonce).decrypt(ciphertext),
});

/** @type {import('../types.js').Suite} */
export const hpke = {
  id: 'hpke',
  title: 'HPKE',
  aliases: ['hpkeSeal', 'hpkeOpen', 'hpkeSealMany'],
  cases: () => {
    const recipients = sealInputs(MANY);
    return [seal(recipients.slice(0, 64)), open(recipients.slice(0, 64)), sealMany(recipients)];
  },
};

/**
 * @param {readonly import('../types.js').HpkeSealInput[]} inputs
 * @returns {import('../types.js').Case}
 */
function seal(inputs) {
  return {
    id: 'hpkeSeal',
    title: 'hpkeSeal, 32 B',
    item: 'message',
    note: 'libsodium.js and node:crypto have no HPKE: it is composed from key pair, X25519, six HMAC-SHA256 and the cipher.',
    tasks: [task({ operation: (operations) => operations.hpkeSeal, inputs, check: opensAgain })],
  };
}

/**
 * @param {readonly import('../types.js').HpkeSealInput[]} recipients
 * @returns {import('../types.js').Case}
 */
function open(recipients) {
  const inputs = recipients.map((recipient) => ({
    ...recipient,
    ...hpkeSeal(recipient.publicKey, recipient.plaintext, { info: recipient.info }),
  }));
  return {
    id: 'hpkeOpen',
    title: 'hpkeOpen, 32 B',
    item: 'message',
    note: 'Composed peers are given the recipient’s public key ready.',
    tasks: [
      task({
        operation: (operations) => operations.hpkeOpen,
        inputs,
        check: (opened, { plaintext }) => sameBytes(opened, plaintext),
      }),
    ],
  };
}

/**
 * @param {readonly import('../types.js').HpkeSealInput[]} recipients
 * @returns {import('../types.js').Case}
 */
function sealMany(recipients) {
  return {
    id: 'hpkeSealMany-1000',
    title: `hpkeSealMany, each of ${MANY.toLocaleString('en')}`,
    item: 'recipient',
    note: 'One 32-byte secret, a fresh encapsulation for each recipient. Peers have no such form: they seal one at a time.',
    tasks: [
      task({
        operation: (operations) => operations.hpkeSealMany,
        inputs: [{ recipients }],
        itemsPerCall: MANY,
        check: (sealed) =>
          sealed.length === MANY &&
          recipients.every((recipient, index) => {
            const message = sealed[index];
            return message !== undefined && (index % (MANY / OPENED_OF_MANY) !== 0 || opensAgain(message, recipient));
          }),
      }),
      task({ operation: (operations) => operations.hpkeSeal, inputs: recipients, check: opensAgain }),
    ],
  };
}

/**
 * A sealed message has fresh randomness in it, so it is checked by opening it.
 *
 * @param {import('../types.js').HpkeMessage} message
 * @param {import('../types.js').HpkeSealInput} recipient
 */
export function opensAgain({ enc, ciphertext }, { privateKey, publicKey, plaintext, info }) {
  return sameBytes(reference.open(privateKey, publicKey, enc, enc, ciphertext, info), plaintext);
}

/**
 * @param {number} count
 * @returns {import('../types.js').HpkeSealInput[]}
 */
function sealInputs(count) {
  const bytes = byteSource(7);
  const plaintext = bytes(32);
  return Array.from({ length: count }, () => {
    const privateKey = bytes(32);
    return { privateKey, publicKey: x25519.getPublicKey(privateKey), plaintext, info: bytes(INFO_BYTES) };
  });
}
