// Walking skeleton over @noble/curves; the curve work replaces the bodies by calls into the core.
import { ed25519 } from '@noble/curves/ed25519.js';
import { isBytes, requireBytes } from '../bytes.js';
import type { KeyPair } from './key-pair.js';
import { randomBytes } from './random.js';

export interface SignedMessage {
  readonly publicKey: Uint8Array;
  readonly signature: Uint8Array;
  readonly message: Uint8Array;
}
export function generateSigningKeypair(): KeyPair {
  const privateKey = randomBytes(32);
  return { privateKey, publicKey: signingPublicKey(privateKey) };
}
export function signingPublicKey(privateKey: Uint8Array): Uint8Array {
  return ed25519.getPublicKey(requireBytes('privateKey', privateKey, 32));
}
export function sign(privateKey: Uint8Array, message: Uint8Array): Uint8Array {
  return ed25519.sign(requireBytes('message', message), requireBytes('privateKey', privateKey, 32));
}
export function verify(publicKey: Uint8Array, signature: Uint8Array, message: Uint8Array): boolean {
  if (!isBytes(publicKey) || !isBytes(signature) || !isBytes(message)) return false;
  try {
    return ed25519.verify(signature, message, publicKey, { zip215: false });
  } catch {
    return false;
  }
}
export function verifyBatch(items: readonly SignedMessage[]): boolean[] {
  return items.map((item) => verify(item.publicKey, item.signature, item.message));
}
/** Whether 32 bytes are a canonical, torsion-free, non-identity point: what a roster requires of a signing key. */
export function isRosterKey(publicKey: Uint8Array): boolean {
  try {
    const point = ed25519.Point.fromBytes(publicKey, false);
    return point.isTorsionFree() && !point.is0();
  } catch {
    return false;
  }
}
