/**
 * ChaCha20-Poly1305 (RFC 8439), sealing and opening from short messages to a mebibyte, and XChaCha20-Poly1305, which
 * gossip uses, at one size.
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

/** @type {import('../types.js').Suite} */
export const aead = {
  id: 'aead',
  title: 'Authenticated encryption',
  cases: () => [...SIZES.flatMap((size) => [encrypt(size), decrypt(size)]), extended({ bytes: 1_024, name: '1 KiB' })],
};

/** @typedef {{ bytes: number, name: string }} Size */

/**
 * @param {Size} size
 * @returns {import('../types.js').Case}
 */
function encrypt(size) {
  return {
    id: `aeadEncrypt-${size.bytes}`,
    title: `aeadEncrypt, ${size.name}`,
    item: 'message',
    tasks: [
      task({
        operation: (operations) => operations.aeadEncrypt,
        inputs: plaintexts(size, 12),
        check: (sealed, { key, nonce, text }) => sameBytes(whole(sealed), chacha20poly1305(key, nonce).encrypt(text)),
      }),
    ],
  };
}

/**
 * @param {Size} size
 * @returns {import('../types.js').Case}
 */
function decrypt(size) {
  const messages = plaintexts(size, 12);
  return {
    id: `aeadDecrypt-${size.bytes}`,
    title: `aeadDecrypt, ${size.name}`,
    item: 'message',
    tasks: [
      task({
        operation: (operations) => operations.aeadDecrypt,
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
