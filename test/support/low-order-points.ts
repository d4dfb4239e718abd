/**
 * Points of small order on both curves, in every encoding that 32 bytes allow.
 *
 * @module
 */
import { fromHex } from './hex.js';
import { FIELD_PRIME } from './limb-patterns.js';
import { integerToBytes } from './little-endian.js';

/** The u coordinates of order 8 on Curve25519 (RFC 7748 §6.1 speaks of such points; these two are the roots of its 8-torsion). */
const ORDER_8_U = [
  'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800',
  '5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157',
];

/** Every 32-byte string that X25519 reads as a point of order 1, 2, 4 or 8 of the curve or its twist. */
export const LOW_ORDER_U: readonly Uint8Array[] = [
  ...[0n, 1n, FIELD_PRIME - 1n, FIELD_PRIME, FIELD_PRIME + 1n].map((u) => integerToBytes(u)),
  ...ORDER_8_U.map(fromHex),
].flatMap((bytes) => [bytes, bytes.with(31, (bytes[31] ?? 0) | 0x80)]);
