/**
 * TweetNaCl.js: X25519, Ed25519 and its own cipher, XSalsa20-Poly1305.
 *
 * @module
 */
import nacl from 'tweetnacl';

/** @type {(privateKey: Uint8Array, publicKey: Uint8Array) => Uint8Array} */
export const x25519 = (privateKey, publicKey) => nacl.scalarMult(privateKey, publicKey);
/** @type {(seed: Uint8Array, message: Uint8Array) => Uint8Array} */
export const sign = (seed, message) => nacl.sign.detached(message, nacl.sign.keyPair.fromSeed(seed).secretKey);
/** @type {(publicKey: Uint8Array, signature: Uint8Array, message: Uint8Array) => boolean} */
export const verify = (publicKey, signature, message) => nacl.sign.detached.verify(message, signature, publicKey);
