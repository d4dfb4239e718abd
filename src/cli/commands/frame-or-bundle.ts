/**
 * Telling apart what members hand each other: a frame is a CBOR array of five items, a bundle one of two.
 *
 * @module
 */

/** The head of a CBOR array of five items (RFC 8949 §3.1). */
const ARRAY_OF_FIVE = 0x85;

/** Whether the bytes start as a frame does, rather than a bundle. */
export function isFrame(bytes: Uint8Array): boolean {
  return bytes[0] === ARRAY_OF_FIVE;
}
