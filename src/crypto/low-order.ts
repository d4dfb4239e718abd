/**
 * Which X25519 public keys are of low order: a shared secret with them is all zeros, whatever the private key
 * (RFC 7748 §6.1).
 *
 * @module
 */

/** In hexadecimal, as encoded: the two coordinates of order 8 (a coordinate from p = 2^255 − 19 on is taken modulo p). */
const LOW_ORDER = new Set([
  `00${'00'.repeat(30)}00`, // 0, of order 2
  `01${'00'.repeat(30)}00`, // 1, of order 4
  `ec${'ff'.repeat(30)}7f`, // −1, of order 4 on the twist
  `ed${'ff'.repeat(30)}7f`, // p, which is 0
  `ee${'ff'.repeat(30)}7f`, // p + 1, which is 1
  'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800',
  '5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157',
]);

const hexOf = (bytes: Uint8Array) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

/** What the last byte of such a key is, without its top bit: one in 43 other keys has such a byte, and is looked at whole. */
const LAST_BYTES = new Set(Array.from(LOW_ORDER, (hex) => Number.parseInt(hex.slice(-2), 16)));

/**
 * Whether X25519 with this public key gives all zeros. The top bit is ignored, as X25519 does. A comparison costs a
 * fiftieth of a key agreement, which would show it as well.
 *
 * @param publicKey 32 bytes
 */
export function isLowOrder(publicKey: Uint8Array): boolean {
  const lastByte = (publicKey[31] as number) & 0x7f;
  return LAST_BYTES.has(lastByte) && LOW_ORDER.has(hexOf(publicKey.with(31, lastByte)));
}
