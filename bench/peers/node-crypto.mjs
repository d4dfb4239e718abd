/**
 * node:crypto: OpenSSL in Node, other native code behind the same interface in Deno and Bun. Its keys are objects, so it
 * appears in several forms: with ready `KeyObject`s, which favours it most, and starting from raw bytes.
 *
 * @module
 */
import { composeHpke } from './composed-hpke.mjs';
import { concat, nodeKeys } from './node-crypto-keys.mjs';
import { fromRaw, withReady } from './per-input.mjs';

/** @typedef {import('node:crypto').KeyObject} KeyObject */

const TAG_BYTES = 16;
const CIPHER = 'chacha20-poly1305';

/** @type {import('../types.js').Peer} */
export const nodeCrypto = {
  id: 'node-crypto',
  async load() {
    const crypto = await import('node:crypto');
    return [
      { id: 'node-crypto:ready', label: 'node:crypto, ready keys', operations: readyKeys(crypto) },
      { id: 'node-crypto:raw', label: 'node:crypto, raw key', operations: rawSymmetricKey(crypto) },
      {
        id: 'node-crypto:jwk',
        label: 'node:crypto, raw public key (JWK)',
        operations: publicKeyAsJwk(crypto),
        jobOperations: readyKeys(crypto),
      },
      { id: 'node-crypto:der', label: 'node:crypto, raw public key (DER)', operations: publicKeyAsDer(crypto) },
      { id: 'node-crypto:all-jwk', label: 'node:crypto, raw private key (JWK)', operations: privateKeyAsJwk(crypto) },
      { id: 'node-crypto:all-der', label: 'node:crypto, raw private key (DER)', operations: privateKeyAsDer(crypto) },
    ];
  },
};

/**
 * @param {import('./node-crypto-keys.mjs').NodeCrypto} crypto
 * @returns {import('../types.js').Operations}
 */
function readyKeys(crypto) {
  const keys = nodeKeys(crypto);
  const hpke = composedHpke(crypto);
  return {
    x25519: withReady(
      (input) => ({
        privateKey: keys.privateFromDer('X25519', input.privateKey),
        publicKey: keys.publicFromDer('X25519', input.peerPublicKey),
      }),
      (pair) => crypto.diffieHellman(pair),
    ),
    sign: withReady(
      ({ privateKey, message }) => ({ key: keys.privateFromDer('Ed25519', privateKey), message }),
      ({ key, message }) => crypto.sign(null, message, key),
    ),
    verify: withReady(
      (input) => ({ ...input, key: keys.publicFromDer('Ed25519', input.publicKey) }),
      ({ key, signature, message }) => crypto.verify(null, message, key, signature),
    ),
    aeadEncrypt: withReady(
      ({ key, nonce, text }) => ({ key: crypto.createSecretKey(key), nonce, text }),
      ({ key, nonce, text }) => seal(crypto, key, nonce, text),
    ),
    aeadDecrypt: withReady(
      ({ key, nonce, text }) => ({ key: crypto.createSecretKey(key), nonce, text }),
      ({ key, nonce, text }) => open(crypto, key, nonce, text)[0],
    ),
    sha256: fromRaw((message) => crypto.createHash('sha256').update(message).digest()),
    openSeal: withReady(
      (input) => withShortNonce(crypto, input),
      ({ key, nonce, text, aad }) => open(crypto, key, nonce, text, aad)[0],
    ),
    hpkeSeal: withReady(
      (input) => ({ ...input, key: keys.publicFromDer('X25519', input.publicKey) }),
      ({ key, publicKey, plaintext, info }) => hpke.seal(key, publicKey, plaintext, info),
    ),
    // The encapsulated key arrives as bytes, so importing it belongs to the work in every form.
    hpkeOpen: withReady(
      (input) => ({ ...input, key: keys.privateFromDer('X25519', input.privateKey) }),
      ({ key, publicKey, enc, ciphertext, info }) =>
        hpke.open(key, publicKey, keys.publicFromJwk('X25519', enc), enc, ciphertext, info),
    ),
  };
}

/**
 * @param {import('./node-crypto-keys.mjs').NodeCrypto} crypto
 * @returns {import('../types.js').Operations}
 */
function rawSymmetricKey(crypto) {
  return {
    aeadEncrypt: fromRaw(({ key, nonce, text }) => concat(...seal(crypto, key, nonce, text))),
    aeadDecrypt: fromRaw(({ key, nonce, text }) => open(crypto, key, nonce, text)[0]),
  };
}

/**
 * @param {import('./node-crypto-keys.mjs').NodeCrypto} crypto
 * @returns {import('../types.js').Operations}
 */
function publicKeyAsJwk(crypto) {
  const { publicFromJwk, generate } = nodeKeys(crypto);
  return publicKeyAsBytes(crypto, publicFromJwk, generate);
}

/**
 * @param {import('./node-crypto-keys.mjs').NodeCrypto} crypto
 * @returns {import('../types.js').Operations}
 */
function publicKeyAsDer(crypto) {
  const { publicFromDer, generateByDer } = nodeKeys(crypto);
  return publicKeyAsBytes(crypto, publicFromDer, generateByDer);
}

/**
 * The private key is ready, as a program's own key is; public keys come, and go, as bytes.
 *
 * @param {import('./node-crypto-keys.mjs').NodeCrypto} crypto
 * @param {(curve: import('./node-crypto-keys.mjs').Curve, bytes: Uint8Array) => KeyObject} importPublic
 * @param {() => { privateKey: KeyObject, publicKey: Uint8Array }} generate
 * @returns {import('../types.js').Operations}
 */
function publicKeyAsBytes(crypto, importPublic, generate) {
  const keys = nodeKeys(crypto);
  const hpke = composedHpke(crypto);
  return {
    dhKeygen: fromRaw(() => {
      const { privateKey, publicKey } = generate();
      return { publicKey, exportPrivateKey: () => keys.exportPrivate(privateKey) };
    }),
    x25519: withReady(
      (input) => ({ ...input, key: keys.privateFromDer('X25519', input.privateKey) }),
      ({ key, peerPublicKey }) =>
        crypto.diffieHellman({ privateKey: key, publicKey: importPublic('X25519', peerPublicKey) }),
    ),
    verify: fromRaw(({ publicKey, signature, message }) =>
      crypto.verify(null, message, importPublic('Ed25519', publicKey), signature),
    ),
    hpkeSeal: fromRaw(({ publicKey, plaintext, info }) =>
      hpke.seal(importPublic('X25519', publicKey), publicKey, plaintext, info),
    ),
  };
}

/**
 * @param {import('./node-crypto-keys.mjs').NodeCrypto} crypto
 * @returns {import('../types.js').Operations}
 */
function privateKeyAsJwk(crypto) {
  const { publicFromJwk, privateFromJwk } = nodeKeys(crypto);
  return privateKeyAsBytes(crypto, publicFromJwk, privateFromJwk);
}

/**
 * @param {import('./node-crypto-keys.mjs').NodeCrypto} crypto
 * @returns {import('../types.js').Operations}
 */
function privateKeyAsDer(crypto) {
  const { publicFromDer, privateFromDer } = nodeKeys(crypto);
  return privateKeyAsBytes(crypto, publicFromDer, privateFromDer);
}

/**
 * Both keys come as bytes.
 *
 * @param {import('./node-crypto-keys.mjs').NodeCrypto} crypto
 * @param {(curve: import('./node-crypto-keys.mjs').Curve, bytes: Uint8Array) => KeyObject} importPublic
 * @param {(curve: import('./node-crypto-keys.mjs').Curve, bytes: Uint8Array, publicKey?: Uint8Array) => KeyObject} importPrivate
 * @returns {import('../types.js').Operations}
 */
function privateKeyAsBytes(crypto, importPublic, importPrivate) {
  const keys = nodeKeys(crypto);
  const hpke = composedHpke(crypto);
  /** @type {import('../types.js').Operation<import('../types.js').SignInput, Uint8Array>} */
  const sign = fromRaw(({ privateKey, publicKey, message }) =>
    crypto.sign(null, message, importPrivate('Ed25519', privateKey, publicKey)),
  );
  return {
    x25519: fromRaw(({ privateKey, peerPublicKey }) =>
      crypto.diffieHellman({
        privateKey: importPrivate('X25519', privateKey),
        publicKey: importPublic('X25519', peerPublicKey),
      }),
    ),
    dhPublicKey: fromRaw(({ privateKey }) => keys.exportPublic(importPrivate('X25519', privateKey))),
    sign,
    signFromSeed: fromRaw(({ privateKey, message }) =>
      crypto.sign(null, message, importPrivate('Ed25519', privateKey)),
    ),
    hpkeOpen: fromRaw(({ privateKey, publicKey, enc, ciphertext, info }) =>
      hpke.open(
        importPrivate('X25519', privateKey, publicKey),
        publicKey,
        importPublic('X25519', enc),
        enc,
        ciphertext,
        info,
      ),
    ),
  };
}

/** @param {import('./node-crypto-keys.mjs').NodeCrypto} crypto */
function composedHpke(crypto) {
  const keys = nodeKeys(crypto);
  return composeHpke({
    generateKeypair: () => {
      const { privateKey, publicKey } = keys.generate();
      return { privateKey, enc: publicKey };
    },
    dh: (/** @type {KeyObject} */ privateKey, /** @type {KeyObject} */ publicKey) =>
      crypto.diffieHellman({ privateKey, publicKey }),
    hmac: (key, message) => crypto.createHmac('sha256', key).update(message).digest(),
    seal: (key, nonce, plaintext) => concat(...seal(crypto, key, nonce, plaintext)),
    open: (key, nonce, ciphertext) => open(crypto, key, nonce, ciphertext)[0],
  });
}

/**
 * OpenSSL has no XChaCha20. Its message is as long, sealed with the plain cipher: it is spared the derivation of a subkey.
 *
 * @param {import('./node-crypto-keys.mjs').NodeCrypto} crypto
 * @param {import('../types.js').SealInput} input
 * @returns {import('../types.js').SealInput}
 */
function withShortNonce(crypto, input) {
  const nonce = input.nonce.subarray(0, 12);
  const plaintext = new Uint8Array(input.text.length - TAG_BYTES);
  return { ...input, nonce, text: concat(...seal(crypto, input.key, nonce, plaintext, input.aad)) };
}

/**
 * @param {import('./node-crypto-keys.mjs').NodeCrypto} crypto
 * @param {KeyObject | Uint8Array} key
 * @param {Uint8Array} nonce
 * @param {Uint8Array} plaintext
 * @param {Uint8Array} [aad]
 * @returns {[Uint8Array, Uint8Array]} ciphertext and tag; the cipher keeps nothing back for `final`
 */
function seal(crypto, key, nonce, plaintext, aad) {
  const cipher = crypto.createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES });
  if (aad !== undefined) cipher.setAAD(aad, { plaintextLength: plaintext.length });
  const ciphertext = cipher.update(plaintext);
  cipher.final();
  return [ciphertext, cipher.getAuthTag()];
}

/**
 * @param {import('./node-crypto-keys.mjs').NodeCrypto} crypto
 * @param {KeyObject | Uint8Array} key
 * @param {Uint8Array} nonce
 * @param {Uint8Array} sealed
 * @param {Uint8Array} [aad]
 * @returns {[Uint8Array]}
 */
function open(crypto, key, nonce, sealed, aad) {
  const decipher = crypto.createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES });
  if (aad !== undefined) decipher.setAAD(aad, { plaintextLength: sealed.length - TAG_BYTES });
  decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
  const plaintext = decipher.update(sealed.subarray(0, sealed.length - TAG_BYTES));
  decipher.final();
  return [plaintext];
}
