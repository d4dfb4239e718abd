/**
 * `@noble/curves` and `@noble/ciphers`: audited JavaScript without WebAssembly.
 *
 * @module
 */
import { fromRaw, intoReadyArray } from './per-input.mjs';

const TAG_BYTES = 16;

/** @type {import('../types.js').Peer} */
export const noble = {
  id: 'noble',
  async load() {
    const { ed25519, x25519 } = await import('@noble/curves/ed25519.js');
    const { chacha20poly1305, xchacha20poly1305 } = await import('@noble/ciphers/chacha.js');
    /** @type {import('../types.js').Operations} */
    const operations = {
      x25519: fromRaw(({ privateKey, peerPublicKey }) => x25519.getSharedSecret(privateKey, peerPublicKey)),
      dhPublicKey: fromRaw(({ privateKey }) => x25519.getPublicKey(privateKey)),
      sign: fromRaw(({ privateKey, message }) => ed25519.sign(message, privateKey)),
      signFromSeed: fromRaw(({ privateKey, message }) => ed25519.sign(message, privateKey)),
      verify: fromRaw(({ publicKey, signature, message }) => ed25519.verify(signature, message, publicKey)),
      aeadEncrypt: fromRaw(({ key, nonce, text }) => chacha20poly1305(key, nonce).encrypt(text)),
      aeadDecrypt: fromRaw(({ key, nonce, text }) => chacha20poly1305(key, nonce).decrypt(text)),
      aeadEncryptInto: intoReadyArray(TAG_BYTES, ({ key, nonce, text }, output) =>
        chacha20poly1305(key, nonce).encrypt(text, output),
      ),
      aeadDecryptInto: intoReadyArray(-TAG_BYTES, ({ key, nonce, text }, output) =>
        chacha20poly1305(key, nonce).decrypt(text, output),
      ),
      xaeadEncrypt: fromRaw(({ key, nonce, text }) => xchacha20poly1305(key, nonce).encrypt(text)),
    };
    return [{ id: 'noble', label: '@noble', operations }];
  },
};
