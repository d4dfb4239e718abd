/**
 * `@noble/curves` and `@noble/ciphers`: X25519, Ed25519 and ChaCha20-Poly1305.
 *
 * @module
 */
import { chacha20poly1305 } from '@noble/ciphers/chacha.js';
import { x25519 as agreement, ed25519 } from '@noble/curves/ed25519.js';

/** @type {(privateKey: Uint8Array, publicKey: Uint8Array) => Uint8Array} */
export const x25519 = (privateKey, publicKey) => agreement.getSharedSecret(privateKey, publicKey);
/** @type {(seed: Uint8Array, message: Uint8Array) => Uint8Array} */
export const sign = (seed, message) => ed25519.sign(message, seed);
/** @type {(publicKey: Uint8Array, signature: Uint8Array, message: Uint8Array) => boolean} */
export const verify = (publicKey, signature, message) => ed25519.verify(signature, message, publicKey);
/** @type {(key: Uint8Array, nonce: Uint8Array, plaintext: Uint8Array) => Uint8Array} */
export const aeadEncrypt = (key, nonce, plaintext) => chacha20poly1305(key, nonce).encrypt(plaintext);
/** @type {(key: Uint8Array, nonce: Uint8Array, ciphertext: Uint8Array) => Uint8Array} */
export const aeadDecrypt = (key, nonce, ciphertext) => chacha20poly1305(key, nonce).decrypt(ciphertext);
