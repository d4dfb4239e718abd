/**
 * What a store is named by, so that an image that was copied to another one is known as a copy.
 *
 * @module
 */
import { randomBytes } from '../../crypto/random.js';

/** The length of a token. */
export const TOKEN_BYTES = 16;

/** A token that nothing shares. */
export function newToken(): Uint8Array {
  return randomBytes(TOKEN_BYTES);
}

/** A token as an image names it: 32 hexadecimal digits. */
export function tokenText(token: Uint8Array): string {
  return Array.from(token, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
