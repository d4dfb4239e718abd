/**
 * The verification rule of this library in plain integers: `A` and `R` canonical encodings of curve points, `A` not of small order, `S` below
 * the group order, and [8][S]B = [8]R + [8][k]A, with k = SHA-512(R ‖ A ‖ M) modulo the group order.
 *
 * @module
 */
import {
  add,
  BASE_POINT,
  decodePoint,
  GROUP_ORDER,
  type Multiplier,
  multiplierOf,
  multiply,
  NEUTRAL,
  type ReferencePoint,
  samePoint,
} from './edwards-reference.js';
import { toHex } from './hex.js';
import { integerFromBytes } from './little-endian.js';
import { nodeSha512 } from './node-peer.js';

/** k = SHA-512(R ‖ A ‖ M) modulo the group order (RFC 8032 §5.1.7, step 2). */
export function challenge(encodedR: Uint8Array, encodedA: Uint8Array, message: Uint8Array): bigint {
  return integerFromBytes(nodeSha512(encodedR, encodedA, message)) % GROUP_ORDER;
}

/** Points by their encodings: many cases have the same ones, and decoding takes two exponentiations. */
const decoded = new Map<string, ReferencePoint | null>();

function decodeOnce(bytes: Uint8Array): ReferencePoint | null {
  const key = toHex(bytes);
  const known = decoded.get(key);
  if (known !== undefined) return known;
  const point = decodePoint(bytes);
  decoded.set(key, point);
  return point;
}

const multiplyBasePoint = multiplierOf(BASE_POINT);

/** By their encodings, keys that were met; once met again, they are multiplied quickly, since many cases have the same ones. */
const metKeys = new Map<string, Multiplier | null>();

function multiplyKey(encoded: Uint8Array, A: ReferencePoint, scalar: bigint): ReferencePoint {
  const key = toHex(encoded);
  const met = metKeys.get(key);
  if (met === undefined) {
    metKeys.set(key, null);
    return multiply(scalar, A);
  }
  const multiplier = met ?? multiplierOf(A);
  metKeys.set(key, multiplier);
  return multiplier(scalar);
}

/** The verdict of the rule on a 32-byte key, a 64-byte signature and a message. */
export function referenceVerdict(publicKey: Uint8Array, signature: Uint8Array, message: Uint8Array): boolean {
  if (publicKey.length !== 32 || signature.length !== 64) return false;
  const A = decodeOnce(publicKey);
  const R = decodeOnce(signature.subarray(0, 32));
  const S = integerFromBytes(signature.subarray(32));
  if (A === null || R === null || S >= GROUP_ORDER) return false;
  if (samePoint(multiply(8n, A), NEUTRAL)) return false;
  const k = challenge(signature.subarray(0, 32), publicKey, message);
  const sum = add(R, multiplyKey(publicKey, A, k));
  return samePoint(multiply(8n, multiplyBasePoint(S)), multiply(8n, sum));
}

/** Whether the bytes may be a roster's signing key: a canonical point of exactly the base point's order. */
export function referenceRosterKey(publicKey: Uint8Array): boolean {
  const A = publicKey.length === 32 ? decodePoint(publicKey) : null;
  return A !== null && !samePoint(A, NEUTRAL) && samePoint(multiply(GROUP_ORDER, A), NEUTRAL);
}
