/**
 * The StableLib packages: JavaScript compiled from TypeScript.
 *
 * @module
 */
import { fromRaw, intoReadyArray, withReady } from './per-input.mjs';

const TAG_BYTES = 16;

/** @type {import('../types.js').Peer} */
export const stablelib = {
  id: 'stablelib',
  async load() {
    const { sharedKey, scalarMultBase } = await import('@stablelib/x25519');
    const { generateKeyPairFromSeed, sign, verify } = await import('@stablelib/ed25519');
    const { ChaCha20Poly1305 } = await import('@stablelib/chacha20poly1305');
    const { XChaCha20Poly1305 } = await import('@stablelib/xchacha20poly1305');
    /** @type {import('../types.js').Operations} */
    const operations = {
      x25519: fromRaw(({ privateKey, peerPublicKey }) => sharedKey(privateKey, peerPublicKey)),
      dhPublicKey: fromRaw(({ privateKey }) => scalarMultBase(privateKey)),
      sign: withReady(
        ({ privateKey, publicKey, message }) => ({ message, secretKey: Uint8Array.of(...privateKey, ...publicKey) }),
        ({ message, secretKey }) => sign(secretKey, message),
      ),
      signFromSeed: fromRaw(({ privateKey, message }) => sign(generateKeyPairFromSeed(privateKey).secretKey, message)),
      verify: fromRaw(({ publicKey, signature, message }) => verify(publicKey, message, signature)),
      aeadEncrypt: fromRaw(({ key, nonce, text }) => new ChaCha20Poly1305(key).seal(nonce, text)),
      aeadDecrypt: fromRaw(({ key, nonce, text }) => opened(new ChaCha20Poly1305(key).open(nonce, text))),
      aeadEncryptInto: intoReadyArray(TAG_BYTES, ({ key, nonce, text }, output) =>
        new ChaCha20Poly1305(key).seal(nonce, text, undefined, output),
      ),
      aeadDecryptInto: intoReadyArray(-TAG_BYTES, ({ key, nonce, text }, output) =>
        opened(new ChaCha20Poly1305(key).open(nonce, text, undefined, output)),
      ),
      xaeadEncrypt: fromRaw(({ key, nonce, text }) => new XChaCha20Poly1305(key).seal(nonce, text)),
    };
    return [{ id: 'stablelib', label: 'stablelib', operations }];
  },
};

/** @param {Uint8Array | null} plaintext */
function opened(plaintext) {
  if (plaintext === null) throw new Error('the ciphertext does not authenticate');
  return plaintext;
}
