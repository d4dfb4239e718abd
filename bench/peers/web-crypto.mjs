/**
 * WebCrypto (`crypto.subtle`): native code behind an asynchronous interface. The ready form imports its `CryptoKey`s
 * before the timed call, the raw forms within it: as bytes and, where the engine's way to take private keys as bytes is
 * slow, as JWK, which wants the public key as well. Calls are awaited one at a time.
 *
 * ChaCha20-Poly1305 is a recent addition (`raw-secret` keys); where an engine lacks it, it is reported as unavailable.
 *
 * @module
 */
import { fromRaw, withReady } from './per-input.mjs';

/** The head of a PKCS #8 private key (RFC 8410 §7) by the last byte of the curve's object identifier. */
const PKCS8_HEAD = [48, 46, 2, 1, 0, 48, 5, 6, 3, 43, 101];
const PKCS8_CURVES = { X25519: 110, Ed25519: 112 };

/** @type {import('../types.js').Peer} */
export const webCrypto = {
  id: 'web-crypto',
  async load() {
    const { subtle } = globalThis.crypto;
    if (subtle === undefined) throw new Error('crypto.subtle needs a secure context');
    return [
      { id: 'web-crypto:ready', label: 'WebCrypto, ready keys', operations: readyKeys(subtle) },
      { id: 'web-crypto:raw', label: 'WebCrypto, raw keys', operations: rawKeys(subtle) },
      { id: 'web-crypto:jwk', label: 'WebCrypto, raw keys (JWK)', operations: keysAsJwk(subtle) },
    ];
  },
};

/**
 * @param {SubtleCrypto} subtle
 * @returns {import('../types.js').Operations}
 */
function readyKeys(subtle) {
  const use = uses(subtle);
  const load = imports(subtle);
  return {
    x25519: withReady(load.agreement, use.agree),
    dhKeygen: keygen(subtle),
    sign: withReady(load.signing, use.sign),
    verify: withReady(load.verifying, use.verify),
    aeadEncrypt: withReady(load.cipher, use.encrypt),
    aeadDecrypt: withReady(load.cipher, use.decrypt),
  };
}

/**
 * @param {SubtleCrypto} subtle
 * @returns {import('../types.js').Operations}
 */
function rawKeys(subtle) {
  const use = uses(subtle);
  const load = imports(subtle);
  return {
    x25519: fromRaw(async (input) => use.agree(await load.agreement(input))),
    sign: fromRaw(async (input) => use.sign(await load.signing(input))),
    verify: fromRaw(async (input) => use.verify(await load.verifying(input))),
    aeadEncrypt: fromRaw(async (input) => use.encrypt(await load.cipher(input))),
    aeadDecrypt: fromRaw(async (input) => use.decrypt(await load.cipher(input))),
  };
}

/**
 * @param {SubtleCrypto} subtle
 * @returns {import('../types.js').Operations}
 */
function keysAsJwk(subtle) {
  const use = uses(subtle);
  return {
    sign: fromRaw(async ({ privateKey, publicKey, message }) => {
      const jwk = { kty: 'OKP', crv: 'Ed25519', d: base64url(privateKey), x: base64url(publicKey) };
      const key = await subtle.importKey('jwk', jwk, { name: 'Ed25519' }, false, ['sign']);
      return use.sign({ key, message });
    }),
  };
}

/** @param {SubtleCrypto} subtle */
function imports(subtle) {
  const publicKey = (/** @type {'X25519' | 'Ed25519'} */ name, /** @type {Uint8Array} */ bytes) =>
    subtle.importKey('raw', view(bytes), { name }, false, name === 'Ed25519' ? ['verify'] : []);
  const privateKey = (/** @type {'X25519' | 'Ed25519'} */ name, /** @type {Uint8Array} */ bytes) => {
    const der = Uint8Array.of(...PKCS8_HEAD, PKCS8_CURVES[name], 4, 34, 4, 32, ...bytes);
    return subtle.importKey('pkcs8', der, { name }, false, name === 'Ed25519' ? ['sign'] : ['deriveBits']);
  };
  return {
    /** @param {import('../types.js').AgreementInput} input */
    agreement: async (input) => ({
      privateKey: await privateKey('X25519', input.privateKey),
      publicKey: await publicKey('X25519', input.peerPublicKey),
    }),
    /** @param {import('../types.js').SignInput} input */
    signing: async (input) => ({ key: await privateKey('Ed25519', input.privateKey), message: input.message }),
    /** @param {import('../types.js').VerifyInput} input */
    verifying: async (input) => ({ ...input, key: await publicKey('Ed25519', input.publicKey) }),
    /** @param {import('../types.js').AeadInput} input */
    cipher: async ({ key, nonce, text }) => ({
      key: await subtle.importKey(
        /** @type {'raw'} */ (/** @type {string} */ ('raw-secret')),
        view(key),
        { name: 'ChaCha20-Poly1305' },
        false,
        ['encrypt', 'decrypt'],
      ),
      algorithm: { name: 'ChaCha20-Poly1305', iv: view(nonce) },
      text,
    }),
  };
}

/** @param {SubtleCrypto} subtle */
function uses(subtle) {
  return {
    /** @param {{ privateKey: CryptoKey, publicKey: CryptoKey }} input */
    agree: async ({ privateKey, publicKey }) =>
      new Uint8Array(await subtle.deriveBits({ name: 'X25519', public: publicKey }, privateKey, 256)),
    /** @param {{ key: CryptoKey, message: Uint8Array }} input */
    sign: async ({ key, message }) => new Uint8Array(await subtle.sign('Ed25519', key, view(message))),
    /** @param {{ key: CryptoKey, signature: Uint8Array, message: Uint8Array }} input */
    verify: ({ key, signature, message }) => subtle.verify('Ed25519', key, view(signature), view(message)),
    /** @param {{ key: CryptoKey, algorithm: { name: string }, text: Uint8Array }} input */
    encrypt: async ({ key, algorithm, text }) => new Uint8Array(await subtle.encrypt(algorithm, key, view(text))),
    /** @param {{ key: CryptoKey, algorithm: { name: string }, text: Uint8Array }} input */
    decrypt: async ({ key, algorithm, text }) => new Uint8Array(await subtle.decrypt(algorithm, key, view(text))),
  };
}

/**
 * @param {SubtleCrypto} subtle
 * @returns {import('../types.js').Operation<import('../types.js').PrivateKeyInput, import('../types.js').FreshKeypair>}
 */
function keygen(subtle) {
  return () => async () => {
    const pair = /** @type {CryptoKeyPair} */ (await subtle.generateKey({ name: 'X25519' }, true, ['deriveBits']));
    return {
      publicKey: new Uint8Array(await subtle.exportKey('raw', pair.publicKey)),
      exportPrivateKey: async () => new Uint8Array(await subtle.exportKey('pkcs8', pair.privateKey)).subarray(-32),
    };
  };
}

/**
 * WebCrypto's types exclude shared memory, which these inputs never are.
 *
 * @param {Uint8Array} bytes
 */
function view(bytes) {
  return /** @type {Uint8Array<ArrayBuffer>} */ (bytes);
}

/** @param {Uint8Array} bytes */
function base64url(bytes) {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}
