/**
 * Integers as little-endian bytes, the encoding of both curves (RFC 7748 §5, RFC 8032 §5.1.2).
 *
 * @module
 */

/** The integer that the bytes stand for. */
export function integerFromBytes(bytes: Uint8Array): bigint {
  let text = '';
  for (const byte of bytes) text = byte.toString(16).padStart(2, '0') + text;
  return BigInt(`0x${text === '' ? '0' : text}`);
}

/** The integer modulo 256^`length` as `length` bytes. */
export function integerToBytes(value: bigint, length = 32): Uint8Array {
  const text = BigInt.asUintN(8 * length, value)
    .toString(16)
    .padStart(2 * length, '0');
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i++) {
    bytes[i] = Number.parseInt(text.slice(2 * (length - 1 - i), 2 * (length - i)), 16);
  }
  return bytes;
}
