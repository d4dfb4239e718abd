/**
 * `@hpke/core` with its X25519 and ChaCha20-Poly1305 modules, which compute in JavaScript: HPKE in single-shot form.
 * It has key objects of its own: the ready form imports them before the timed call, the raw form within it.
 *
 * @module
 */
import { fromRaw, withReady } from './per-input.mjs';

/** @type {import('../types.js').Peer} */
export const hpkeJs = {
  id: 'hpke-js',
  async load() {
    const { CipherSuite, HkdfSha256 } = await import('@hpke/core');
    const { DhkemX25519HkdfSha256 } = await import('@hpke/dhkem-x25519');
    const { Chacha20Poly1305 } = await import('@hpke/chacha20poly1305');
    const suite = new CipherSuite({
      kem: new DhkemX25519HkdfSha256(),
      kdf: new HkdfSha256(),
      aead: new Chacha20Poly1305(),
    });
    const kem = suite.kem;
    const importPublic = (/** @type {Uint8Array} */ bytes) => kem.deserializePublicKey(bytes.slice().buffer);
    const importPrivate = (/** @type {Uint8Array} */ bytes) => kem.deserializePrivateKey(bytes.slice().buffer);

    /** @param {{ recipient: CryptoKey, plaintext: Uint8Array, info: Uint8Array }} input */
    const seal = async ({ recipient, plaintext, info }) => {
      const { enc, ct } = await suite.seal({ recipientPublicKey: recipient, info: view(info) }, view(plaintext));
      return { enc: new Uint8Array(enc), ciphertext: new Uint8Array(ct) };
    };
    /** @param {{ recipientKey: CryptoKeyPair, enc: Uint8Array, ciphertext: Uint8Array, info: Uint8Array }} input */
    const open = async ({ recipientKey, enc, ciphertext, info }) =>
      new Uint8Array(await suite.open({ recipientKey, enc: view(enc), info: view(info) }, view(ciphertext)));
    /** @param {import('../types.js').HpkeOpenInput} input */
    const keyPair = async ({ privateKey, publicKey }) => ({
      privateKey: await importPrivate(privateKey),
      publicKey: await importPublic(publicKey),
    });

    return [
      {
        id: 'hpke-js:ready',
        label: '@hpke/core, ready keys',
        operations: {
          hpkeSeal: withReady(async (input) => ({ ...input, recipient: await importPublic(input.publicKey) }), seal),
          hpkeOpen: withReady(async (input) => ({ ...input, recipientKey: await keyPair(input) }), open),
        },
      },
      {
        id: 'hpke-js:raw',
        label: '@hpke/core, raw keys',
        operations: {
          hpkeSeal: fromRaw(async (input) => seal({ ...input, recipient: await importPublic(input.publicKey) })),
          hpkeOpen: fromRaw(async (input) => open({ ...input, recipientKey: await keyPair(input) })),
        },
      },
    ];
  },
};

/**
 * The types of `@hpke/core` exclude shared memory, which these inputs never are.
 *
 * @param {Uint8Array} bytes
 */
function view(bytes) {
  return /** @type {Uint8Array<ArrayBuffer>} */ (bytes);
}
