/**
 * ChaCha20-Poly1305 (RFC 8439), sealing and opening from short messages to a mebibyte, into fresh arrays and into ready
 * ones, and XChaCha20-Poly1305, which gossip uses, at one size.
 *
 * @module
 */
import { chacha20poly1305, xchacha20poly1305 } from '@noble/ciphers/chacha.js';
import { byteSource, join, sameBytes } from '../bytes.mjs';
import { task } from './task.mjs';

const SIZES = [
  { bytes: 64, name: '64 B' },
  { bytes: 1_024, name: '1 KiB' },
  { bytes: 65_536, name: '64 KiB' },
  { bytes: 1_048_576, name: '1 MiB' },
];

/** A form of the operations: with fresh arrays for the results, or with arrays that are there already. */
const FRESH = { suffix: '', title: '', note: undefined, encrypt: sealFresh, decrypt: openFresh };
const READY = {
  suffix: '-into',
  title: ', into a ready array',
  note: 'Peers that take no array for the result make a fresh one.',
  encrypt: (/** @type {Operations} */ operations) => operations.aeadEncryptInto ?? sealFresh(operations),
  decrypt: (/** @type {Operations} */ operations) => operations.aeadDecryptInto ?? openFresh(operations),
};

/** @typedef {import('../types.js').Operations} Operations */
/** @typedef {typeof FRESH | typeof READY} Form */
/** @typedef {{ bytes: number, name: string }} Size */

/** @type {import('../types.js').Suite} */
export const aead = {
  id: 'aead',
  title: 'Authenticated encryption',
  cases: (effort) => [
    ...[FRESH, READY].flatMap((form) =>
      sizes(form, effort).flatMap((size) => [encrypt(size, form), decrypt(size, form)]),
    ),
    extended({ bytes: 1_024, name: '1 KiB' }),
  ],
};

/**
 * A quick run has no time for ready arrays where a fresh one costs little beside the cipher.
 *
 * @param {Form} form
 * @param {import('../types.js').Effort} effort
 */
function sizes(form, effort) {
  return form === READY && effort.name === 'quick' ? SIZES.filter(({ bytes }) => bytes <= 1_024) : SIZES;
}

/** @param {Operations} operations */
function sealFresh(operations) {
  return operations.aeadEncrypt;
}

/** @param {Operations} operations */
function openFresh(operations) {
  return operations.aeadDecrypt;
}

/**
 * @param {Size} size
 * @param {Form} form
 * @returns {import('../types.js').Case}
 */
function encrypt(size, form) {
  return {
    id: `aeadEncrypt-${size.bytes}${form.suffix}`,
    title: `aeadEncrypt, ${size.name}${form.title}`,
    item: 'message',
    ...(form.note === undefined ? {} : { note: form.note }),
    tasks: [
      task({
        operation: form.encrypt,
        inputs: plaintexts(size, 12),
        check: (sealed, { key, nonce, text }) => sameBytes(whole(sealed), chacha20poly1305(key, nonce).encrypt(text)),
      }),
    ],
  };
}

/**
 * @param {Size} size
 * @param {Form} form
 * @returns {import('../types.js').Case}
 */
function decrypt(size, form) {
  const messages = plaintexts(size, 12);
  return {
    id: `aeadDecrypt-${size.bytes}${form.suffix}`,
    title: `aeadDecrypt, ${size.name}${form.title}`,
    item: 'message',
    ...(form.note === undefined ? {} : { note: form.note }),
    tasks: [
      task({
        operation: form.decrypt,
        inputs: messages.map(({ key, nonce, text }) => ({
          key,
          nonce,
          text: chacha20poly1305(key, nonce).encrypt(text),
        })),
        check: (opened, _input, index) => sameBytes(opened, messages[index]?.text ?? new Uint8Array(0)),
      }),
    ],
  };
}

/**
 * @param {Size} size
 * @returns {import('../types.js').Case}
 */
function extended(size) {
  return {
    id: `xaeadEncrypt-${size.bytes}`,
    title: `aeadEncrypt, ${size.name}, 24-byte nonce`,
    item: 'message',
    note: 'XChaCha20-Poly1305; OpenSSL and WebCrypto do not have it.',
    tasks: [
      task({
        operation: (operations) => operations.xaeadEncrypt,
        inputs: plaintexts(size, 24),
        check: (sealed, { key, nonce, text }) => sameBytes(whole(sealed), xchacha20poly1305(key, nonce).encrypt(text)),
      }),
    ],
  };
}

/**
 * Enough messages to differ, few enough to fit in memory.
 *
 * @param {Size} size
 * @param {number} nonceBytes
 * @returns {import('../types.js').AeadInput[]}
 */
function plaintexts(size, nonceBytes) {
  const bytes = byteSource(size.bytes);
  const length = size.bytes > 4_096 ? 4 : 64;
  return Array.from({ length }, () => ({ key: bytes(32), nonce: bytes(nonceBytes), text: bytes(size.bytes) }));
}

/** @param {import('../types.js').SealedParts} sealed */
function whole(sealed) {
  return sealed instanceof Uint8Array ? sealed : join(...sealed);
}
