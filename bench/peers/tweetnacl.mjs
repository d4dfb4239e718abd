/**
 * TweetNaCl.js: X25519 and Ed25519. Its cipher is another one (XSalsa20-Poly1305), so it is not compared there.
 *
 * @module
 */
import { fromRaw, withReady } from './per-input.mjs';

/** @type {import('../types.js').Peer} */
export const tweetnacl = {
  id: 'tweetnacl',
  async load() {
    const { default: nacl } = await import('tweetnacl');
    /** @type {import('../types.js').Operations} */
    const operations = {
      x25519: fromRaw(({ privateKey, peerPublicKey }) => nacl.scalarMult(privateKey, peerPublicKey)),
      dhPublicKey: fromRaw(({ privateKey }) => nacl.scalarMult.base(privateKey)),
      sign: withReady(
        ({ privateKey, publicKey, message }) => ({ message, secretKey: Uint8Array.of(...privateKey, ...publicKey) }),
        ({ message, secretKey }) => nacl.sign.detached(message, secretKey),
      ),
      signFromSeed: fromRaw(({ privateKey, message }) =>
        nacl.sign.detached(message, nacl.sign.keyPair.fromSeed(privateKey).secretKey),
      ),
      verify: fromRaw(({ publicKey, signature, message }) => nacl.sign.detached.verify(message, signature, publicKey)),
    };
    return [{ id: 'tweetnacl', label: 'tweetnacl', operations }];
  },
};
