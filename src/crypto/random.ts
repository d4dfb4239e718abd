/**
 * Randomness, from the platform's generator only.
 *
 * @module
 */

/** `length` bytes (at most 65,536) from `crypto.getRandomValues`. */
export function randomBytes(length: number): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(length));
}
