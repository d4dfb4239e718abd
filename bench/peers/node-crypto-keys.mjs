/**
 * Turning raw keys into the `KeyObject`s of node:crypto and back. There are two ways in: DER, which most programs use,
 * and JWK, which is several times faster with OpenSSL 3; the benchmark shows both.
 *
 * @module
 */

/** @typedef {typeof import('node:crypto')} NodeCrypto */
/** @typedef {import('node:crypto').KeyObject} KeyObject */
/** @typedef {'X25519' | 'Ed25519'} Curve */

/** Everything in the DER forms of RFC 8410 that comes before the 32 bytes of the key. */
const DER_HEADS = {
  X25519: { public: fromHex('302a300506032b656e032100'), private: fromHex('302e020100300506032b656e04220420') },
  Ed25519: { public: fromHex('302a300506032b6570032100'), private: fromHex('302e020100300506032b657004220420') },
};

/** @param {NodeCrypto} crypto */
export function nodeKeys(crypto) {
  // Node's type declarations do not have this form of the call.
  const generateWithJwk = () =>
    /** @type {{ privateKey: KeyObject, publicKey: { x: string } }} */ (
      /** @type {unknown} */ (
        crypto.generateKeyPairSync('x25519', /** @type {object} */ ({ publicKeyEncoding: { format: 'jwk' } }))
      )
    );
  return {
    /** @type {(curve: Curve, bytes: Uint8Array) => KeyObject} */
    publicFromDer: (curve, bytes) =>
      crypto.createPublicKey({ key: concat(DER_HEADS[curve].public, bytes), format: 'der', type: 'spki' }),
    /** @type {(curve: Curve, bytes: Uint8Array) => KeyObject} */
    privateFromDer: (curve, bytes) =>
      crypto.createPrivateKey({ key: concat(DER_HEADS[curve].private, bytes), format: 'der', type: 'pkcs8' }),
    /** @type {(curve: Curve, bytes: Uint8Array) => KeyObject} */
    publicFromJwk: (curve, bytes) =>
      crypto.createPublicKey({ key: { kty: 'OKP', crv: curve, x: base64url(bytes) }, format: 'jwk' }),
    /** @type {(curve: Curve, bytes: Uint8Array, publicKey?: Uint8Array) => KeyObject} Node wants `x` and ignores it. */
    privateFromJwk: (curve, bytes, publicKey = bytes) =>
      crypto.createPrivateKey({
        key: { kty: 'OKP', crv: curve, d: base64url(bytes), x: base64url(publicKey) },
        format: 'jwk',
      }),
    /** @type {(key: KeyObject) => Uint8Array} the public half of a public or private key */
    exportPublic: (key) => fromBase64url(key.export({ format: 'jwk' }).x),
    /**
     * A fresh X25519 key pair with the public key as bytes, by way of JWK. The key is exported while it is made: to export
     * a fresh key as JWK afterwards makes Node 20 wait for itself for ever if garbage is collected in that moment.
     */
    generate: () => {
      const { privateKey, publicKey } = generateWithJwk();
      return { privateKey, publicKey: fromBase64url(publicKey.x) };
    },
    /** The same by way of DER. */
    generateByDer: () => {
      const { privateKey, publicKey } = crypto.generateKeyPairSync('x25519');
      return { privateKey, publicKey: publicKey.export({ format: 'der', type: 'spki' }).subarray(-32) };
    },
    /** @type {(key: KeyObject) => Uint8Array} */
    exportPrivate: (key) => fromBase64url(key.export({ format: 'jwk' }).d),
  };
}

// `Buffer` is the conversion that users of node:crypto have at hand, and the fastest in Node.
const { Buffer: NodeBuffer } = globalThis;

/** @param {Uint8Array} bytes */
function base64url(bytes) {
  return NodeBuffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64url');
}

/** @param {string | undefined} text */
function fromBase64url(text) {
  if (text === undefined) throw new Error('the key has no such part');
  return new Uint8Array(NodeBuffer.from(text, 'base64url'));
}

/** @param {string} text */
function fromHex(text) {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/** @param {readonly Uint8Array[]} parts */
export function concat(...parts) {
  return NodeBuffer.concat(parts);
}
