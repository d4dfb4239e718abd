// Walking skeleton over @noble/ciphers; the cipher work replaces the bodies by calls into the core.
import { chacha20poly1305, xchacha20poly1305 } from '@noble/ciphers/chacha.js';
import { requireBytes } from '../bytes.js';
import { AuthenticationError, InvalidInputError } from '../errors.js';

function cipher(key: Uint8Array, nonce: Uint8Array, aad: Uint8Array | undefined) {
  requireBytes('key', key, 32);
  requireBytes('nonce', nonce);
  if (nonce.length === 12) return chacha20poly1305(key, nonce, aad);
  if (nonce.length === 24) return xchacha20poly1305(key, nonce, aad);
  throw new InvalidInputError(`nonce must be 12 or 24 bytes long, got ${nonce.length}`);
}
export function aeadEncrypt(key: Uint8Array, nonce: Uint8Array, plaintext: Uint8Array, aad?: Uint8Array): Uint8Array {
  return cipher(key, nonce, aad).encrypt(requireBytes('plaintext', plaintext));
}
export function aeadDecrypt(key: Uint8Array, nonce: Uint8Array, ciphertext: Uint8Array, aad?: Uint8Array): Uint8Array {
  const opener = cipher(key, nonce, aad);
  try {
    return opener.decrypt(requireBytes('ciphertext', ciphertext));
  } catch {
    throw new AuthenticationError('the ciphertext does not authenticate under this key, nonce and aad');
  }
}
