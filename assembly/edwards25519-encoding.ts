/**
 * Points as 32 bytes (RFC 8032 §5.1.2, §5.1.3). Decoding works on two encodings at once, one in each lane, and is for
 * public points only; encoding takes the time of one inversion, whatever the point.
 *
 * @module
 */
import { transpose } from './edwards25519';
import { multiply, PAIR, square } from './field25519';
import { areEqual, isZero, readElement, writeElement } from './field25519-bytes';
import { add, carry, combine, subtract, sumAndDifference } from './field25519-lanes';
import { invertFirst } from './field25519-inverse';
import { squareRootPower } from './field25519-power';
import { wipe } from './memory';

/** d = -121665/121666 in both lanes. */
const CURVE_D: usize = memory.data<u32>(
  [
    0x135978a3, 0x135978a3, 0x003cbbbc, 0x003cbbbc, //
    0x0f5a6e50, 0x0f5a6e50, 0x19ce331d, 0x19ce331d, //
    0x10762add, 0x10762add, 0x1dc56dff, 0x1dc56dff, //
    0x00149a82, 0x00149a82, 0x0052036c, 0x0052036c, //
    0x1e898007, 0x1e898007, 0x00000000, 0x00000000, //
  ],
  16,
);

/** 2^((p - 1) / 4), a square root of -1, in both lanes. */
export const ROOT_OF_MINUS_ONE: usize = memory.data<u32>(
  [
    0x0a0ea0b0, 0x0a0ea0b0, 0x004c9efd, 0x004c9efd, //
    0x0770d93a, 0x0770d93a, 0x1c2cad34, 0x1c2cad34, //
    0x0bf91e31, 0x0bf91e31, 0x1009f83b, 0x1009f83b, //
    0x06300d5a, 0x06300d5a, 0x002b8324, 0x002b8324, //
    0x1d7a72f4, 0x1d7a72f4, 0x00000000, 0x00000000, //
  ],
  16,
);

/** 1 in both lanes. */
export const ONE: usize = memory.data<u32>([1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], 16);

/** 0 in both lanes. */
export const ZERO: usize = memory.data(80, 16);

const SCRATCH: usize = memory.data(8 * 80 + 64, 16);
const X: usize = SCRATCH;
const Y: usize = SCRATCH + PAIR;
const U: usize = SCRATCH + 2 * PAIR;
const V: usize = SCRATCH + 3 * PAIR;
const POWER: usize = SCRATCH + 4 * PAIR;
const T: usize = SCRATCH + 5 * PAIR;
const W: usize = SCRATCH + 6 * PAIR;
const ROOT: usize = SCRATCH + 7 * PAIR;
const BYTES: usize = SCRATCH + 8 * PAIR;

/** Wipes the scratch of encoding. */
export function encodingWipe(): void {
  wipe(SCRATCH, 8 * PAIR + 64);
}

/** Whether the lower 255 bits of 32 bytes are a number below p: not one of the 19 from p = 2^255 - 19 on. */
export function isBelowP(bytes: usize): bool {
  if (load<u64>(bytes) < 0xffffffffffffffed) return true;
  if ((load<u64>(bytes, 8) & load<u64>(bytes, 16)) != 0xffffffffffffffff) return true;
  return (load<u64>(bytes, 24) | 0x8000000000000000) != 0xffffffffffffffff;
}

/**
 * Finishes lane `lane` of X, a root of ±u/v: whether it can be made a square root of u/v with the sign bit asked for.
 * Where v·x² = -u, x is multiplied by the root of -1; where the sign is wrong, x is negated.
 */
function fixRoot(lane: u32, encoding: usize): bool {
  writeElement(BYTES, T, lane); // v·x²
  writeElement(BYTES + 32, U, lane);
  if (!areEqual(BYTES, BYTES + 32)) {
    subtract(W, ZERO, U);
    writeElement(BYTES + 32, W, lane); // -u
    if (!areEqual(BYTES, BYTES + 32)) return false;
    moveLane(X, ROOT, lane);
  }
  writeElement(BYTES, X, lane);
  const wantsOdd = load<u8>(encoding, 31) >> 7;
  if (isZero(BYTES)) return wantsOdd == 0; // "negative zero" is not canonical
  if ((load<u8>(BYTES) & 1) != wantsOdd) {
    subtract(W, ZERO, X);
    carry(W, W);
    moveLane(X, W, lane);
  }
  return true;
}

/** Replaces one lane of a pair by that of another. */
function moveLane(out: usize, from: usize, lane: u32): void {
  if (lane == 0) combine(out, from, out);
  else combine(out, out, from);
}

/**
 * Decodes two encodings into the points p and q, and returns bit 0 for the first and bit 1 for the second if they are
 * canonical encodings of curve points (RFC 8032 §5.1.3, with y < p and without "negative zero"). A point whose bit is
 * missing holds nothing of use. Variable-time.
 *
 * x = u·v³·(u·v⁷)^((p - 5) / 8) with u = y² - 1, v = d·y² + 1.
 */
export function pointDecodeTwo(p: usize, q: usize, first: usize, second: usize): u32 {
  readElement(Y, 0, first);
  readElement(Y, 1, second);
  square(T, Y);
  subtract(U, T, ONE);
  carry(U, U);
  multiply(V, T, CURVE_D);
  add(V, V, ONE);
  square(T, V); // v²
  multiply(X, V, T); // v³
  square(T, T); // v⁴
  multiply(X, X, U); // u·v³
  multiply(T, T, X); // u·v⁷
  squareRootPower(POWER, T);
  multiply(X, X, POWER);
  multiply(ROOT, X, ROOT_OF_MINUS_ONE);
  square(T, X);
  multiply(T, V, T); // v·x²
  let valid: u32 = 0;
  if (isBelowP(first) && fixRoot(0, first)) valid |= 1;
  if (isBelowP(second) && fixRoot(1, second)) valid |= 2;
  multiply(T, X, Y);
  transpose(p, q, Y, X);
  transpose(p + PAIR, q + PAIR, ONE, T);
  return valid;
}

/** Decodes one encoding; whether it is valid as `pointDecodeTwo` says. Variable-time. */
@inline
export function pointDecode(p: usize, encoding: usize): bool {
  return pointDecodeTwo(p, p, encoding, encoding) == 3;
}

/** Writes y with the sign of x in the top bit, for a point and 1/Z in both lanes of `inverse`. Overwrites V. */
function encodeWithInverse(out: usize, p: usize, inverse: usize): void {
  multiply(V, p, inverse); // (y, x)
  writeElement(out, V, 0);
  writeElement(BYTES, V, 1);
  store<u8>(out, load<u8>(out, 31) | (load<u8>(BYTES) << 7), 31);
}

/** out = the 32 bytes of p. Constant-time; leaves traces in scratch, see `encodingWipe`. */
export function pointEncode(out: usize, p: usize): void {
  invertFirst(U, p + PAIR);
  encodeWithInverse(out, p, U);
}

/** Encodes p and q at the price of one inversion. Constant-time; leaves traces in scratch, see `encodingWipe`. */
export function pointEncodeTwo(first: usize, second: usize, p: usize, q: usize): void {
  multiply(T, p + PAIR, q + PAIR); // (Zp·Zq, -)
  invertFirst(U, T);
  transpose(W, T, q + PAIR, q + PAIR); // (Zq, Zq)
  multiply(W, U, W);
  encodeWithInverse(first, p, W);
  transpose(W, T, p + PAIR, p + PAIR);
  multiply(W, U, W);
  encodeWithInverse(second, q, W);
}

/**
 * out = the pair (Z + Y, Z - Y), whose quotient is the u coordinate of p on the Montgomery curve (RFC 7748 §4.1).
 * Constant-time; leaves traces in scratch, see `encodingWipe`.
 *
 * @bounds in: p point; out: reduced
 */
export function pointToMontgomery(out: usize, p: usize): void {
  transpose(U, T, p + PAIR, p); // (Z, Y)
  sumAndDifference(U, U);
  carry(out, U);
}
