/**
 * HPKE (RFC 9180 §4 and §5, base mode, DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, ChaCha20-Poly1305) composed from the
 * primitives of a library that has no HPKE of its own, the way a careful user would: what does not depend on the message
 * is computed once.
 *
 * Per seal: one fresh key pair, one X25519, six HMAC-SHA256, one AEAD seal. Per open: one X25519, six HMAC-SHA256, one
 * AEAD open; the recipient's public key is given.
 *
 * @module
 */
import { join } from '../bytes.mjs';

/**
 * @template PrivateKey, PublicKey
 * @typedef {object} HpkePrimitives
 * @property {() => { privateKey: PrivateKey, enc: Uint8Array }} generateKeypair
 * @property {(privateKey: PrivateKey, publicKey: PublicKey) => Uint8Array} dh
 * @property {(key: Uint8Array, message: Uint8Array) => Uint8Array} hmac HMAC-SHA256
 * @property {(key: Uint8Array, nonce: Uint8Array, plaintext: Uint8Array) => Uint8Array} seal
 * @property {(key: Uint8Array, nonce: Uint8Array, ciphertext: Uint8Array) => Uint8Array} open
 */

const ascii = (/** @type {string} */ text) => new TextEncoder().encode(text);
const ZERO_SALT = new Uint8Array(32);
const VERSION = ascii('HPKE-v1');
const KEM_SUITE = join(ascii('KEM'), Uint8Array.of(0, 0x20));
const HPKE_SUITE = join(ascii('HPKE'), Uint8Array.of(0, 0x20, 0, 1, 0, 3));

// The constant heads of what is hashed: "HPKE-v1" ‖ suite ‖ label, for Expand after the two bytes of the length.
const EAE_PRK = join(VERSION, KEM_SUITE, ascii('eae_prk'));
const SHARED_SECRET = join(Uint8Array.of(0, 32), VERSION, KEM_SUITE, ascii('shared_secret'));
const PSK_ID_HASH = join(VERSION, HPKE_SUITE, ascii('psk_id_hash'));
const INFO_HASH = join(VERSION, HPKE_SUITE, ascii('info_hash'));
const SECRET = join(VERSION, HPKE_SUITE, ascii('secret'));
const KEY = join(Uint8Array.of(0, 32), VERSION, HPKE_SUITE, ascii('key'));
const BASE_NONCE = join(Uint8Array.of(0, 12), VERSION, HPKE_SUITE, ascii('base_nonce'));
const LAST = Uint8Array.of(1);

/**
 * @template PrivateKey, PublicKey
 * @param {HpkePrimitives<PrivateKey, PublicKey>} primitives
 */
export function composeHpke({ generateKeypair, dh, hmac, seal, open }) {
  const pskIdHash = hmac(ZERO_SALT, PSK_ID_HASH);

  /**
   * @param {Uint8Array} sharedPoint
   * @param {Uint8Array} enc
   * @param {Uint8Array} publicKey
   * @param {Uint8Array} info
   */
  function keySchedule(sharedPoint, enc, publicKey, info) {
    const eaePrk = hmac(ZERO_SALT, join(EAE_PRK, sharedPoint));
    const sharedSecret = hmac(eaePrk, join(SHARED_SECRET, enc, publicKey, LAST));
    const infoHash = hmac(ZERO_SALT, join(INFO_HASH, info));
    const secret = hmac(sharedSecret, SECRET);
    const context = join(Uint8Array.of(0), pskIdHash, infoHash);
    return {
      key: hmac(secret, join(KEY, context, LAST)),
      nonce: hmac(secret, join(BASE_NONCE, context, LAST)).subarray(0, 12),
    };
  }

  return {
    /**
     * @param {PublicKey} recipient
     * @param {Uint8Array} publicKey the recipient's key as bytes
     * @param {Uint8Array} plaintext
     * @param {Uint8Array} info
     */
    seal(recipient, publicKey, plaintext, info) {
      const { privateKey, enc } = generateKeypair();
      const { key, nonce } = keySchedule(dh(privateKey, recipient), enc, publicKey, info);
      return { enc, ciphertext: seal(key, nonce, plaintext) };
    },
    /**
     * @param {PrivateKey} privateKey
     * @param {Uint8Array} publicKey the recipient's own key as bytes
     * @param {PublicKey} ephemeral `enc` as a key
     * @param {Uint8Array} enc
     * @param {Uint8Array} ciphertext
     * @param {Uint8Array} info
     */
    open(privateKey, publicKey, ephemeral, enc, ciphertext, info) {
      const { key, nonce } = keySchedule(dh(privateKey, ephemeral), enc, publicKey, info);
      return open(key, nonce, ciphertext);
    },
  };
}
