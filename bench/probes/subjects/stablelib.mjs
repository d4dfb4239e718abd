/**
 * StableLib: X25519, Ed25519 and ChaCha20-Poly1305.
 *
 * @module
 */
import { ChaCha20Poly1305 } from '@stablelib/chacha20poly1305';
import { sign as edSign, verify as edVerify, generateKeyPairFromSeed } from '@stablelib/ed25519';
import { sharedKey } from '@stablelib/x25519';

/** @type {(privateKey: Uint8Array, publicKey: Uint8Array) => Uint8Array} */
export const x25519 = (privateKey, publicKey) => sharedKey(privateKey, publicKey);
/** @type {(seed: Uint8Array, message: Uint8Array) => Uint8Array} */
export const sign = (seed, message) => edSign(generateKeyPairFromSeed(seed).secretKey, message);
/** @type {(publicKey: Uint8Array, signature: Uint8Array, message: Uint8Array) => boolean} */
export const verify = (publicKey, signature, message) => edVerify(publicKey, message, signature);
/** @type {(key: Uint8Array, nonce: Uint8Array, plaintext: Uint8Array) => Uint8Array} */
export const aeadEncrypt = (key, nonce, plaintext) => new ChaCha20Poly1305(key).seal(nonce, plaintext);
/** @type {(key: Uint8Array, nonce: Uint8Array, ciphertext: Uint8Array) => Uint8Array | null} */
export const aeadDecrypt = (key, nonce, ciphertext) => new ChaCha20Poly1305(key).open(nonce, ciphertext);
