// Walking skeleton over @noble/curves; the curve work replaces the bodies by calls into the core.
import { x25519 as reference } from '@noble/curves/ed25519.js';
import { extract } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { requireBytes } from '../bytes.js';
import { InvalidInputError } from '../errors.js';
import type { KeyPair } from './key-pair.js';
import { randomBytes } from './random.js';

export function generateDhKeypair(): KeyPair {
  const privateKey = randomBytes(32);
  return { privateKey, publicKey: dhPublicKey(privateKey) };
}
export function dhPublicKey(privateKey: Uint8Array): Uint8Array {
  return reference.getPublicKey(requireBytes('privateKey', privateKey, 32));
}
export function x25519(privateKey: Uint8Array, peerPublicKey: Uint8Array): Uint8Array {
  requireBytes('privateKey', privateKey, 32);
  requireBytes('peerPublicKey', peerPublicKey, 32);
  try {
    return reference.getSharedSecret(privateKey, peerPublicKey);
  } catch {
    throw new InvalidInputError('peerPublicKey is of low order: the shared secret would be all zeros');
  }
}
export function ecdhSharedSecret(privateKey: Uint8Array, peerPublicKey: Uint8Array): Uint8Array {
  return extract(sha256, x25519(privateKey, peerPublicKey));
}
