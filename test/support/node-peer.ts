/**
 * OpenSSL through `node:crypto`, on raw 32-byte keys: the fastest independent implementation at hand.
 *
 * @module
 */
import {
  createCipheriv,
  createHash,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';
import { fromHex } from './hex.js';

/** The DER bytes that stand before a raw key (RFC 8410 §7 and §4). */
const DER_PREFIX = {
  x25519Private: fromHex('302e020100300506032b656e04220420'),
  x25519Public: fromHex('302a300506032b656e032100'),
  ed25519Private: fromHex('302e020100300506032b657004220420'),
  ed25519Public: fromHex('302a300506032b6570032100'),
} as const;

function derOf(kind: keyof typeof DER_PREFIX, raw: Uint8Array) {
  return globalThis.Buffer.concat([DER_PREFIX[kind], raw]);
}

/** A key object for a raw private key; import once, use often. */
export function nodePrivateKey(curve: 'x25519' | 'ed25519', raw: Uint8Array): KeyObject {
  return createPrivateKey({ key: derOf(`${curve}Private`, raw), format: 'der', type: 'pkcs8' });
}

/** A key object for a raw public key. */
export function nodePublicKey(curve: 'x25519' | 'ed25519', raw: Uint8Array): KeyObject {
  return createPublicKey({ key: derOf(`${curve}Public`, raw), format: 'der', type: 'spki' });
}

/** The raw public key that belongs to a private key object. */
export function nodePublicBytes(privateKey: KeyObject): Uint8Array {
  return new Uint8Array(createPublicKey(privateKey).export({ format: 'der', type: 'spki' }).subarray(-32));
}

/** X25519; null where OpenSSL refuses the peer because the result is zero. */
export function nodeX25519(privateKey: KeyObject, publicKey: KeyObject): Uint8Array | null {
  try {
    return new Uint8Array(diffieHellman({ privateKey, publicKey }));
  } catch {
    return null;
  }
}

/** An Ed25519 signature, 64 bytes. */
export function nodeSign(privateKey: KeyObject, message: Uint8Array): Uint8Array {
  return new Uint8Array(sign(null, message, privateKey));
}

/** OpenSSL's verdict; its rule differs from ours on crafted signatures. */
export function nodeVerify(publicKey: KeyObject, signature: Uint8Array, message: Uint8Array): boolean {
  return verify(null, message, publicKey, signature);
}

/** ChaCha20-Poly1305 (RFC 8439): ciphertext, then the 16-byte tag. */
export function nodeSeal(key: Uint8Array, nonce: Uint8Array, plaintext: Uint8Array, aad: Uint8Array): Uint8Array {
  const cipher = createCipheriv('chacha20-poly1305', key, nonce, { authTagLength: 16 });
  cipher.setAAD(aad, { plaintextLength: plaintext.length });
  const body = cipher.update(plaintext);
  cipher.final();
  const sealed = new Uint8Array(body.length + 16);
  sealed.set(body);
  sealed.set(cipher.getAuthTag(), body.length);
  return sealed;
}

/** SHA-512 of the parts, one after the other. */
export function nodeSha512(...parts: Uint8Array[]): Uint8Array {
  const hash = createHash('sha512');
  for (const part of parts) hash.update(part);
  return new Uint8Array(hash.digest());
}
