/**
 * libsodium.js: libsodium compiled to WebAssembly. The standard build does the primitives; HPKE is composed with the
 * "sumo" build, the one that has HMAC-SHA256. Ed25519 signs with the ready 64-byte secret key that libsodium wants.
 *
 * @module
 */
import { composeHpke } from './composed-hpke.mjs';
import { fromRaw, withReady } from './per-input.mjs';

/**
 * @typedef {object} Sodium
 * @property {Promise<void>} ready
 * @property {(privateKey: Uint8Array, publicKey: Uint8Array) => Uint8Array} crypto_scalarmult
 * @property {(privateKey: Uint8Array) => Uint8Array} crypto_scalarmult_base
 * @property {(message: Uint8Array, secretKey: Uint8Array) => Uint8Array} crypto_sign_detached
 * @property {(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array) => boolean} crypto_sign_verify_detached
 * @property {SodiumSeal} crypto_aead_chacha20poly1305_ietf_encrypt
 * @property {SodiumOpen} crypto_aead_chacha20poly1305_ietf_decrypt
 * @property {SodiumSeal} crypto_aead_xchacha20poly1305_ietf_encrypt
 * @property {SodiumOpen} crypto_aead_xchacha20poly1305_ietf_decrypt
 * @property {() => { privateKey: Uint8Array, publicKey: Uint8Array }} crypto_box_keypair
 * @property {(seed: Uint8Array) => { privateKey: Uint8Array, publicKey: Uint8Array }} crypto_sign_seed_keypair
 */

/**
 * @typedef {Sodium & {
 *   crypto_auth_hmacsha256: (message: Uint8Array, key: Uint8Array) => Uint8Array,
 *   crypto_hash_sha256: (message: Uint8Array) => Uint8Array,
 * }} SodiumSumo
 */

/**
 * @callback SodiumSeal
 * @param {Uint8Array} plaintext
 * @param {Uint8Array | null} aad
 * @param {null} secretNonce
 * @param {Uint8Array} nonce
 * @param {Uint8Array} key
 * @returns {Uint8Array}
 */

/**
 * @callback SodiumOpen
 * @param {null} secretNonce
 * @param {Uint8Array} ciphertext
 * @param {Uint8Array | null} aad
 * @param {Uint8Array} nonce
 * @param {Uint8Array} key
 * @returns {Uint8Array}
 */

/** @type {import('../types.js').Peer} */
export const libsodium = {
  id: 'libsodium',
  async load() {
    const { default: sodium } = await import('libsodium-wrappers');
    const { default: sumo } = await import('libsodium-wrappers-sumo');
    await Promise.all([sodium.ready, sumo.ready]);
    return [{ id: 'libsodium', label: 'libsodium.js', operations: { ...primitives(sodium), ...hpke(sumo) } }];
  },
};

/**
 * @param {Sodium} sodium
 * @returns {import('../types.js').Operations}
 */
function primitives(sodium) {
  return {
    x25519: fromRaw(({ privateKey, peerPublicKey }) => sodium.crypto_scalarmult(privateKey, peerPublicKey)),
    dhPublicKey: fromRaw(({ privateKey }) => sodium.crypto_scalarmult_base(privateKey)),
    sign: withReady(
      ({ privateKey, publicKey, message }) => ({ message, secretKey: Uint8Array.of(...privateKey, ...publicKey) }),
      ({ message, secretKey }) => sodium.crypto_sign_detached(message, secretKey),
    ),
    signFromSeed: fromRaw(({ privateKey, message }) =>
      sodium.crypto_sign_detached(message, sodium.crypto_sign_seed_keypair(privateKey).privateKey),
    ),
    verify: fromRaw(({ publicKey, signature, message }) =>
      sodium.crypto_sign_verify_detached(signature, message, publicKey),
    ),
    aeadEncrypt: fromRaw(({ key, nonce, text }) =>
      sodium.crypto_aead_chacha20poly1305_ietf_encrypt(text, null, null, nonce, key),
    ),
    aeadDecrypt: fromRaw(({ key, nonce, text }) =>
      sodium.crypto_aead_chacha20poly1305_ietf_decrypt(null, text, null, nonce, key),
    ),
    xaeadEncrypt: fromRaw(({ key, nonce, text }) =>
      sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(text, null, null, nonce, key),
    ),
  };
}

/**
 * @param {SodiumSumo} sumo
 * @returns {import('../types.js').Operations}
 */
function hpke(sumo) {
  const composed = composeHpke({
    // `crypto_box_keypair` draws its 32 bytes in 32 calls from WebAssembly, which would add almost half to a seal.
    /** @returns {{ privateKey: Uint8Array, enc: Uint8Array }} */
    generateKeypair: () => {
      const privateKey = globalThis.crypto.getRandomValues(new Uint8Array(32));
      return { privateKey, enc: sumo.crypto_scalarmult_base(privateKey) };
    },
    dh: (/** @type {Uint8Array} */ privateKey, /** @type {Uint8Array} */ publicKey) =>
      sumo.crypto_scalarmult(privateKey, publicKey),
    hmac: (key, message) => sumo.crypto_auth_hmacsha256(message, key),
    seal: (key, nonce, plaintext) => sumo.crypto_aead_chacha20poly1305_ietf_encrypt(plaintext, null, null, nonce, key),
    open: (key, nonce, ciphertext) =>
      sumo.crypto_aead_chacha20poly1305_ietf_decrypt(null, ciphertext, null, nonce, key),
  });
  return {
    sha256: fromRaw((message) => sumo.crypto_hash_sha256(message)),
    openSeal: fromRaw(({ key, nonce, text, aad }) =>
      sumo.crypto_aead_xchacha20poly1305_ietf_decrypt(null, text, aad, nonce, key),
    ),
    hpkeSeal: fromRaw(({ publicKey, plaintext, info }) => composed.seal(publicKey, publicKey, plaintext, info)),
    hpkeOpen: fromRaw(({ privateKey, publicKey, enc, ciphertext, info }) =>
      composed.open(privateKey, publicKey, enc, enc, ciphertext, info),
    ),
  };
}
