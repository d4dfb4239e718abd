/**
 * Bytes as keys of a `Map` or `Set`, which compare arrays by identity.
 *
 * @module
 */

/** A string that is equal for equal bytes. For maps in memory only: not for people and not for storage. */
export function byteKey(bytes: Uint8Array): string {
  // A spread iterates, and takes five times as long; keys are made for each member and message.
  return String.fromCharCode.apply(null, bytes as unknown as number[]);
}
