/**
 * SHA-256, HMAC-SHA256 and HKDF-SHA256 (FIPS 180-4, RFC 2104, RFC 5869): the one place that knows whose
 * implementation is used.
 *
 * @module
 */
import { expand, extract } from '@noble/hashes/hkdf.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 as reference } from '@noble/hashes/sha2.js';

/** SHA-256 of the parts, one after the other; 32 bytes. */
export function sha256(...parts: Uint8Array[]): Uint8Array {
  const hash = reference.create();
  for (const part of parts) hash.update(part);
  return hash.digest();
}

/** HMAC-SHA256 (RFC 2104); 32 bytes. */
export function hmacSha256(key: Uint8Array, message: Uint8Array): Uint8Array {
  return hmac(reference, key, message);
}

/** HKDF-Extract (RFC 5869 §2.2); 32 bytes. An absent salt is 32 zero bytes. */
export function hkdfExtract(salt: Uint8Array | undefined, ikm: Uint8Array): Uint8Array {
  return extract(reference, ikm, salt);
}

/** HKDF-Expand (RFC 5869 §2.3); `length` at most 8,160. */
export function hkdfExpand(prk: Uint8Array, info: Uint8Array, length: number): Uint8Array {
  return expand(reference, prk, info, length);
}
