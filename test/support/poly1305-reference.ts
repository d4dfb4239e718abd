/**
 * Poly1305 in plain integers, read off RFC 8439 §2.5.1.
 *
 * @module
 */
import { integerFromBytes, integerToBytes } from './little-endian.js';

const PRIME = 2n ** 130n - 5n;
const CLAMP = 0x0ffffffc0ffffffc0ffffffc0fffffffn;

/** The 16-byte tag of the message under a 32-byte one-time key. */
export function referencePoly1305(oneTimeKey: Uint8Array, message: Uint8Array): Uint8Array {
  const r = integerFromBytes(oneTimeKey.subarray(0, 16)) & CLAMP;
  const s = integerFromBytes(oneTimeKey.subarray(16, 32));
  let accumulator = 0n;
  for (let start = 0; start < message.length; start += 16) {
    const block = message.subarray(start, start + 16);
    const value = integerFromBytes(block) + (1n << BigInt(8 * block.length));
    accumulator = ((accumulator + value) * r) % PRIME;
  }
  return integerToBytes(accumulator + s, 16);
}
