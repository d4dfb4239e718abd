/**
 * libsodium.js: X25519, Ed25519 and ChaCha20-Poly1305, ready to use.
 *
 * @module
 */
import sodium from 'libsodium-wrappers';

await sodium.ready;

/** @type {(privateKey: Uint8Array, publicKey: Uint8Array) => Uint8Array} */
export const x25519 = (privateKey, publicKey) => sodium.crypto_scalarmult(privateKey, publicKey);
/** @type {(seed: Uint8Array, message: Uint8Array) => Uint8Array} */
export const sign = (seed, message) =>
  sodium.crypto_sign_detached(message, sodium.crypto_sign_seed_keypair(seed).privateKey);
/** @type {(publicKey: Uint8Array, signature: Uint8Array, message: Uint8Array) => boolean} */
export const verify = (publicKey, signature, message) =>
  sodium.crypto_sign_verify_detached(signature, message, publicKey);
/** @type {(key: Uint8Array, nonce: Uint8Array, plaintext: Uint8Array) => Uint8Array} */
export const aeadEncrypt = (key, nonce, plaintext) =>
  sodium.crypto_aead_chacha20poly1305_ietf_encrypt(plaintext, null, null, nonce, key);
/** @type {(key: Uint8Array, nonce: Uint8Array, ciphertext: Uint8Array) => Uint8Array} */
export const aeadDecrypt = (key, nonce, ciphertext) =>
  sodium.crypto_aead_chacha20poly1305_ietf_decrypt(null, ciphertext, null, nonce, key);
