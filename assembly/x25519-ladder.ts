/**
 * The Montgomery ladder of X25519 (RFC 7748 §5) on pairs of field elements. The RFC's names are kept: (X2 : Z2) and
 * (X3 : Z3) are the two points, x1 the affine u-coordinate of their difference.
 *
 * The multiplications of a step find partners, so that no lane is idle; the one with x1 is done in scalar arithmetic
 * beside the last pair, the short one with a24 by itself:
 *
 *     (-D, C)·(A, -B) = (-DA, -CB)          A = X2 + Z2,  B = X2 - Z2,  C = X3 + Z3,  D = X3 - Z3
 *     (A, -B)²        = (AA, BB)
 *     (DA - CB, -DA - CB)²  = (S, X3)
 *     (AA + a24·E, BB)·(E, AA) = (Z2, X2)   E = AA - BB
 *     S·x1            = Z3
 *
 * Where the RFC swaps the two points, only (A, -B)² needs to know: the other products stay as they are but for an order
 * or a sign that the following squares forget. So instead of a swap, (A, -B) or (C, -D) is selected by mask to be squared.
 *
 * @module
 */
import { multiply, multiplyAndScale, PAIR, square } from './field25519';
import { readElement } from './field25519-bytes';
import { swapLanes } from './field25519-lanes';
import { MULTIPLES, prepareMultiples } from './field25519-scale';
import { copyBytes, wipe } from './memory';
import { scalarClamp } from './scalar25519';

/** Everything that a ladder writes; wiped by `wipeLadder`. */
const SCRATCH: usize = memory.data(6 * 80 + 9 * 72 + 32, 16);
const SCRATCH_SIZE: usize = 6 * PAIR + MULTIPLES + 32;

/** (Z2, X2) during the ladder, (X2, Z2) as its result. */
export const RESULT: usize = SCRATCH;
/** (Z3, X3); (S, X3) before. */
const OTHER: usize = SCRATCH + PAIR;
/** (A, -B), then (E, AA). */
const LEFT: usize = SCRATCH + 2 * PAIR;
/** (-D, C), then (AA + a24·E, BB). */
const RIGHT: usize = SCRATCH + 3 * PAIR;
/** What is squared for the doubling: (A, -B) or (C, -D); then (AA, BB). */
const DOUBLED: usize = SCRATCH + 4 * PAIR;
/** (-DA, -CB), then (DA - CB, -DA - CB). */
const CROSSED: usize = SCRATCH + 5 * PAIR;
/** The multiples of x1. */
const TABLE: usize = SCRATCH + 6 * PAIR;
/** The clamped scalar, 32 bytes. */
const SCALAR: usize = TABLE + MULTIPLES;

/** (A - 2) / 4 for Curve25519's A = 486662. */
export const A24: u32 = 121665;

/**
 * 67 p in limbs that exceed every reduced limb, laid out as a pair of twice the same element. Limb 8 is only as large as
 * it must be: its square is the highest column of a square, which `reduce` wants small.
 */
const BIAS: usize = memory.data<u32>(
  [
    0x3ffffb07, 0x3ffffb07, 0x3ffffffe, 0x3ffffffe, //
    0x3ffffffe, 0x3ffffffe, 0x3ffffffe, 0x3ffffffe, //
    0x3ffffffe, 0x3ffffffe, 0x3ffffffe, 0x3ffffffe, //
    0x3ffffffe, 0x3ffffffe, 0x217ffffe, 0x217ffffe, //
    0x3ffffffe, 0x3ffffffe, 0x00000000, 0x00000000,
  ],
  16,
);

/** Rows of 16 bytes; loaded where needed, since V8 would rebuild a `v128.const` at every use. */
const CONSTANTS: usize = memory.data<u32>(
  [
    0x1fffffff, 0x1fffffff, 0x1fffffff, 0x1fffffff, // four limbs in 32-bit lanes
    0x1fffffff, 0x00000000, 0x1fffffff, 0x00000000, // two limbs in 64-bit lanes
    1216, 0, 1, 0, // what the carries of limbs 8 and 4 count in limbs 0 and 5
    A24, A24, A24, A24,
  ],
  16,
);

@inline
function swapped(pair: v128): v128 {
  return v128.shuffle<u32>(pair, pair, 1, 0, 3, 2);
}

/** Lane 0 of x and lane 1 of y. */
@inline
function combined(x: v128, y: v128): v128 {
  return v128.shuffle<u32>(x, y, 0, 5, 2, 7);
}

/** Vector k / 16 of (x + y, x - y), from that of (x, y). */
@inline
function sumAndDifference(xy: v128, k: usize): v128 {
  return i32x4.add(swapped(xy), combined(xy, i32x4.sub(v128.load(BIAS + k), xy)));
}

/** Vector k / 16 of (y - x, x + y), from that of (x, y). */
@inline
function differenceAndSum(xy: v128, k: usize): v128 {
  return i32x4.add(swapped(xy), combined(i32x4.sub(v128.load(BIAS + k), xy), xy));
}

/** Vector k / 16 of (A, -B) or, where the mask is set, (C, -D). */
@inline
function selected(ab: v128, cd: v128, mask: v128): v128 {
  return v128.xor(ab, v128.and(mask, v128.xor(ab, cd)));
}

/** Vector k / 16 of LEFT = (A, -B) and RIGHT = (-D, C); returns that of what is to be squared. */
@inline
function sumsAndDifferences(k: usize, mask: v128): v128 {
  const ab = sumAndDifference(v128.load(RESULT + k), k);
  const cd = sumAndDifference(v128.load(OTHER + k), k);
  v128.store(LEFT + k, ab);
  v128.store(RIGHT + k, swapped(cd));
  return selected(ab, cd, mask);
}

/** What `sumsAndDifferences` returns, where nothing else is needed. */
@inline
function selectedSum(k: usize, mask: v128): v128 {
  const ab = sumAndDifference(v128.load(RESULT + k), k);
  return selected(ab, sumAndDifference(v128.load(OTHER + k), k), mask);
}

/** Vector k / 16 of (DA - CB, -DA - CB). */
@inline
function crossSums(k: usize): v128 {
  return differenceAndSum(v128.load(CROSSED + k), k);
}

/**
 * Stores a pair of sums and differences such that `square` can take it: limbs 0, 5, 2 and 7 pass on to the next ones what
 * exceeds 29 bits. The limbs that stay large, 1, 6, 3, 8 and 4, meet few of their kind in any column.
 *
 * @bounds in: < 2^30 + 2^29 + 2^24; out: limbs 0, 2, 5, 7 < 2^29, 8 < 2^30 + 2^26, others < 2^30 + 2^29 + 2^25
 */
@inline
function storeHalfCarried(out: usize, v0: v128, v1: v128, v2: v128, v3: v128, v4: v128): void {
  const limbs = v128.load(CONSTANTS);
  v128.store(out, v128.and(v0, limbs));
  v128.store(out, i32x4.add(v1, i32x4.shr_u(v0, 29)), 16);
  v128.store(out, v128.and(v2, limbs), 32);
  v128.store(out, i32x4.add(v3, i32x4.shr_u(v2, 29)), 48);
  v128.store(out, v4, 64);
}

/** Vector k / 16 of LEFT = (E, AA), which is also returned. */
@inline
function squaresDifference(k: usize): v128 {
  const squares = v128.load(DOUBLED + k);
  const other = swapped(squares);
  const left = combined(i32x4.add(squares, i32x4.sub(v128.load(BIAS + k), other)), other);
  v128.store(LEFT + k, left);
  return left;
}

/** Vector k / 16 of RIGHT = (AA + a24·E, BB), from a24·E in 64-bit lanes. */
@inline
function addToSquares(k: usize, scaled: v128): void {
  v128.store(RIGHT + k, i32x4.add(v128.load(DOUBLED + k), scaled));
}

/** LEFT = (E, AA) and RIGHT = (AA + a24·E, BB): the operands of the doubling's product. */
function doublingOperands(): void {
  const limb = v128.load(CONSTANTS, 16);
  const a24 = v128.load(CONSTANTS, 48);
  const e0 = squaresDifference(0);
  const e1 = squaresDifference(16);
  const e2 = squaresDifference(32);
  const e3 = squaresDifference(48);
  const e4 = squaresDifference(64);
  // a24·E: of its nine columns, c0 holds 0 and 5, c1 holds 1 and 6, and so on.
  const e01 = v128.shuffle<u32>(e0, e1, 0, 2, 4, 6);
  const e23 = v128.shuffle<u32>(e2, e3, 0, 2, 4, 6);
  const c0 = i64x2.extmul_low_i32x4_u(e01, a24);
  const c1 = i64x2.extmul_high_i32x4_u(e01, a24);
  const c2 = i64x2.extmul_low_i32x4_u(e23, a24);
  const c3 = i64x2.extmul_high_i32x4_u(e23, a24);
  const c4 = i64x2.extmul_low_i32x4_u(v128.shuffle<u32>(e4, e4, 0, 2, 4, 6), a24);
  // One carry for each column, all at once, and a second one for those of limbs 8 and 4, which go to limbs 0 and 5.
  const over3 = i64x2.shr_u(c3, 29);
  const over84 = v128.shuffle<u64>(over3, i64x2.shr_u(c4, 29), 1, 2);
  const sum0 = i64x2.add(v128.and(c0, limb), i32x4.mul(over84, v128.load(CONSTANTS, 32)));
  const over0 = i64x2.add(i64x2.shr_u(c0, 29), i64x2.shr_u(sum0, 29));
  const sum4 = i64x2.add(v128.and(c4, limb), over3);
  addToSquares(0, v128.and(sum0, limb));
  addToSquares(16, i64x2.add(v128.and(c1, limb), over0));
  addToSquares(32, i64x2.add(v128.and(c2, limb), i64x2.shr_u(c1, 29)));
  addToSquares(48, i64x2.add(v128.and(c3, limb), i64x2.shr_u(c2, 29)));
  addToSquares(64, v128.shuffle<u64>(sum4, i64x2.splat(0), 0, 2));
}

/**
 * One step: (X2, Z2) becomes the double of itself, or of (X3, Z3) where `swap` is -1, and (X3, Z3) the sum of both.
 *
 * @bounds RESULT, OTHER in and out: < 2^29 + 2^24
 */
@inline
function step(swap: i32): void {
  const mask = i32x4.splat(swap);
  storeHalfCarried(
    DOUBLED,
    sumsAndDifferences(0, mask),
    sumsAndDifferences(16, mask),
    sumsAndDifferences(32, mask),
    sumsAndDifferences(48, mask),
    sumsAndDifferences(64, mask),
  );
  // In each lane a sum meets a difference.
  multiply(CROSSED, RIGHT, LEFT);
  square(DOUBLED, DOUBLED);
  storeHalfCarried(CROSSED, crossSums(0), crossSums(16), crossSums(32), crossSums(48), crossSums(64));
  square(OTHER, CROSSED);
  doublingOperands();
  multiplyAndScale(RESULT, RIGHT, LEFT, OTHER, TABLE);
}

/** A step of which only (X2, Z2) is wanted. */
function double(swap: i32): void {
  const mask = i32x4.splat(swap);
  storeHalfCarried(
    DOUBLED,
    selectedSum(0, mask),
    selectedSum(16, mask),
    selectedSum(32, mask),
    selectedSum(48, mask),
    selectedSum(64, mask),
  );
  square(DOUBLED, DOUBLED);
  doublingOperands();
  multiply(RESULT, RIGHT, LEFT);
}

/**
 * RESULT = (X2, Z2) of `scalar` (32 bytes, clamped here) times the point with u-coordinate `point` (32 bytes, the top bit
 * ignored). The caller wipes with `wipeLadder` before the next one.
 *
 * @bounds out: < 2^29 + 2^24
 */
export function ladder(scalar: usize, point: usize): void {
  copyBytes(SCALAR, scalar, 32);
  scalarClamp(SCALAR);
  // All else is zero: memory is so at the start, and after `wipeLadder`.
  store<u32>(OTHER, 1); // Z3 = 1
  readElement(OTHER, 1, point); // X3 = x1
  prepareMultiples(TABLE, OTHER, 1);
  // Bit 254 of a clamped scalar is 1: the first step doubles the point, and adds to it the neutral element.
  double(-1);
  let previous: i32 = 1;
  for (let bit: i32 = 253; bit >= 3; bit--) {
    const current: i32 = (load<u8>(SCALAR + (bit >> 3)) >> (bit & 7)) & 1;
    step(-(previous ^ current));
    previous = current;
  }
  // The lowest three bits are 0: the sum is not needed any more, and no swap is left at the end.
  double(-previous);
  double(0);
  double(0);
  swapLanes(RESULT, RESULT);
}

/** Overwrites all that a ladder leaves behind. */
export function wipeLadder(): void {
  wipe(SCRATCH, SCRATCH_SIZE);
}
