/**
 * The Montgomery ladder of X25519 (RFC 7748 §5) on pairs of field elements. The RFC's names are kept: (X2 : Z2) and
 * (X3 : Z3) are the two points, x1 the affine u-coordinate of their difference.
 *
 * Every multiplication of a step finds a partner, so that no lane is idle:
 *
 *     (A, B)·(D, C) = (DA, CB)          A = X2 + Z2,  B = X2 - Z2,  C = X3 + Z3,  D = X3 - Z3
 *     (A, B)²       = (AA, BB)
 *     (DA - CB, DA + CB)² = (S, X3)
 *     (S, E)·(x1, a24)    = (Z3, a24·E)     E = AA - BB
 *     (AA, E)·(BB, AA + a24·E) = (X2, Z2)
 *
 * Where the RFC swaps the two points, only (A, B)² needs to know: the other products stay as they are but for an order
 * or a sign that the following squares forget. So instead of a swap, (A, B) or (C, -D) is selected by mask to be squared.
 *
 * @module
 */
import { multiply, PAIR, square } from './field25519';
import { readElement } from './field25519-bytes';
import { BIAS, carry } from './field25519-lanes';
import { copyBytes, wipe } from './memory';

/** Everything that a ladder writes; wiped by `wipeLadder`. */
const SCRATCH: usize = memory.data(9 * 80 + 32, 16);
const SCRATCH_SIZE: usize = 9 * PAIR + 32;

/** (X2, Z2): the result of the ladder. */
export const RESULT: usize = SCRATCH;
/** (Z3, X3). */
const OTHER: usize = SCRATCH + PAIR;
/** (x1, a24). */
const FACTORS: usize = SCRATCH + 2 * PAIR;
/** (A, B), then (AA, E). */
const LEFT: usize = SCRATCH + 3 * PAIR;
/** (D, C), then (BB, AA + a24·E). */
const RIGHT: usize = SCRATCH + 4 * PAIR;
/** What is squared for the doubling: (A, B) or (C, -D); then (AA, BB). */
const DOUBLED: usize = SCRATCH + 5 * PAIR;
/** (DA, CB), then (DA - CB, DA + CB), then (S, X3). */
const CROSSED: usize = SCRATCH + 6 * PAIR;
/** (S, E), then (Z3, a24·E). */
const SCALED: usize = SCRATCH + 7 * PAIR;
/** The clamped scalar, 32 bytes. */
const SCALAR: usize = SCRATCH + 8 * PAIR;

/** (A - 2) / 4 for Curve25519's A = 486662. */
export const A24: u32 = 121665;

@inline
function swapped(pair: v128): v128 {
  return v128.shuffle<u32>(pair, pair, 1, 0, 3, 2);
}

/** Lane 0 of x and lane 1 of y. */
@inline
function combined(x: v128, y: v128): v128 {
  return v128.shuffle<u32>(x, y, 0, 5, 2, 7);
}

/** x - y + 128 p. */
@inline
function difference(x: v128, y: v128, k: usize): v128 {
  return i32x4.sub(i32x4.add(x, v128.load(BIAS + k)), y);
}

/** Vector k / 16 of LEFT = (A, B), RIGHT = (D, C) and DOUBLED = (A, B) or, where the mask is set, (C, -D). */
@inline
function sumsAndDifferences(k: usize, mask: v128): void {
  const xz2 = v128.load(RESULT + k);
  const zx2 = swapped(xz2);
  const zx3 = v128.load(OTHER + k);
  const xz3 = swapped(zx3);
  const ab = combined(i32x4.add(xz2, zx2), difference(zx2, xz2, k));
  const sum3 = i32x4.add(xz3, zx3);
  const difference3 = difference(xz3, zx3, k);
  v128.store(LEFT + k, ab);
  v128.store(RIGHT + k, combined(difference3, sum3));
  const cd = combined(sum3, difference3);
  v128.store(DOUBLED + k, v128.xor(ab, v128.and(mask, v128.xor(ab, cd))));
}

/** Vector k / 16 of CROSSED = (DA - CB, DA + CB), from (DA, CB). */
@inline
function crossSums(k: usize): void {
  const dacb = v128.load(CROSSED + k);
  const cbda = swapped(dacb);
  v128.store(CROSSED + k, combined(difference(dacb, cbda, k), i32x4.add(dacb, cbda)));
}

/** Vector k / 16 of SCALED = (S, E) and LEFT = (AA, E). */
@inline
function scaledOperands(k: usize): void {
  const squares = v128.load(DOUBLED + k);
  const e = difference(swapped(squares), squares, k);
  v128.store(SCALED + k, combined(v128.load(CROSSED + k), e));
  v128.store(LEFT + k, combined(squares, e));
}

/** Vector k / 16 of OTHER = (Z3, X3) and RIGHT = (BB, AA + a24·E). */
@inline
function doublingOperands(k: usize, secondLane: v128): void {
  const scaled = v128.load(SCALED + k);
  v128.store(OTHER + k, combined(scaled, v128.load(CROSSED + k)));
  v128.store(RIGHT + k, i32x4.add(swapped(v128.load(DOUBLED + k)), v128.and(scaled, secondLane)));
}

/**
 * One step: (X2, Z2) becomes the double of itself, or of (X3, Z3) where `swap` is -1, and (X3, Z3) the sum of both.
 *
 * @bounds RESULT, OTHER in and out: < 2^29 + 2^24
 */
@inline
function step(swap: i32): void {
  const mask = i32x4.splat(swap);
  sumsAndDifferences(0, mask);
  sumsAndDifferences(16, mask);
  sumsAndDifferences(32, mask);
  sumsAndDifferences(48, mask);
  sumsAndDifferences(64, mask);
  // In each lane a sum meets a difference; what is squared must be no difference.
  multiply(CROSSED, RIGHT, LEFT);
  carry(DOUBLED, DOUBLED);
  square(DOUBLED, DOUBLED);
  crossSums(0);
  crossSums(16);
  crossSums(32);
  crossSums(48);
  crossSums(64);
  carry(CROSSED, CROSSED);
  square(CROSSED, CROSSED);
  scaledOperands(0);
  scaledOperands(16);
  scaledOperands(32);
  scaledOperands(48);
  scaledOperands(64);
  multiply(SCALED, FACTORS, SCALED);
  const secondLane = i64x2.splat(0xffffffff00000000);
  doublingOperands(0, secondLane);
  doublingOperands(16, secondLane);
  doublingOperands(32, secondLane);
  doublingOperands(48, secondLane);
  doublingOperands(64, secondLane);
  multiply(RESULT, RIGHT, LEFT);
}

/** out = the 32 bytes of a scalar, clamped as RFC 7748 §5 says. */
export function clampScalar(out: usize, scalar: usize): void {
  copyBytes(out, scalar, 32);
  store<u8>(out, load<u8>(out) & 248);
  store<u8>(out, (load<u8>(out, 31) & 127) | 64, 31);
}

/**
 * RESULT = (X2, Z2) of `scalar` (32 bytes, clamped here) times the point with u-coordinate `point` (32 bytes, the top bit
 * ignored). The caller wipes with `wipeLadder` before the next one.
 *
 * @bounds out: < 2^29 + 2^24
 */
export function ladder(scalar: usize, point: usize): void {
  clampScalar(SCALAR, scalar);
  // All else is zero: memory is so at the start, and after `wipeLadder`.
  store<u32>(RESULT, 1); // X2 = 1, Z2 = 0
  store<u32>(OTHER, 1); // Z3 = 1
  readElement(OTHER, 1, point); // X3 = x1
  readElement(FACTORS, 0, point);
  store<u32>(FACTORS, A24, 4);
  let previous: i32 = 0;
  for (let bit: i32 = 254; bit >= 0; bit--) {
    const current: i32 = (load<u8>(SCALAR + (bit >> 3)) >> (bit & 7)) & 1;
    step(-(previous ^ current));
    previous = current;
  }
  // The clamped scalar ends in a zero bit: no swap is left.
}

/** Overwrites all that a ladder leaves behind. */
export function wipeLadder(): void {
  wipe(SCRATCH, SCRATCH_SIZE);
}
