/**
 * Two independent Montgomery ladders of X25519 (RFC 7748 §5), one in each lane: for many key agreements this costs a
 * seventh less than `x25519-ladder.ts`, whose lanes share the work of one, because the product with a24 then takes a
 * short multiplication instead of a lane of a long one. Names and selection are as there; X2, Z2, X3 and Z3 are pairs of
 * their own here.
 *
 * @module
 */
import { multiply, PAIR, square } from './field25519';
import { readElement } from './field25519-bytes';
import { BIAS, carry, multiplySmall } from './field25519-lanes';
import { copyBytes, wipe } from './memory';
import { scalarClamp } from './scalar25519';
import { A24 } from './x25519-ladder';

/** Everything that the ladders write; wiped by `wipeTwoLadders`. */
const SCRATCH: usize = memory.data(13 * 80 + 64, 16);
const SCRATCH_SIZE: usize = 13 * PAIR + 64;

/** (X2, Z2) of the first and of the second ladder: the results. */
export const FIRST_RESULT: usize = SCRATCH;
export const SECOND_RESULT: usize = SCRATCH + PAIR;

const X1: usize = SCRATCH + 2 * PAIR;
const X2: usize = SCRATCH + 3 * PAIR;
const Z2: usize = SCRATCH + 4 * PAIR;
const X3: usize = SCRATCH + 5 * PAIR;
const Z3: usize = SCRATCH + 6 * PAIR;
/** A, then AA + a24·E. */
const A: usize = SCRATCH + 7 * PAIR;
/** B, then E. */
const B: usize = SCRATCH + 8 * PAIR;
/** C, then CB. */
const C: usize = SCRATCH + 9 * PAIR;
/** D, then DA. */
const D: usize = SCRATCH + 10 * PAIR;
/** A or C, then AA. */
const AA: usize = SCRATCH + 11 * PAIR;
/** B or D, then BB. */
const BB: usize = SCRATCH + 12 * PAIR;
/** The two clamped scalars, 32 bytes each. */
const SCALARS: usize = SCRATCH + 13 * PAIR;

/** x - y + 128 p. */
@inline
function difference(x: v128, y: v128, k: usize): v128 {
  return i32x4.sub(i32x4.add(x, v128.load(BIAS + k)), y);
}

/** x, or y in the lanes where the mask is set. */
@inline
function chosen(x: v128, y: v128, mask: v128): v128 {
  return v128.xor(x, v128.and(mask, v128.xor(x, y)));
}

/** Vector k / 16 of A, B, C, D, and of what is squared for the doubling. */
@inline
function sumsAndDifferences(k: usize, mask: v128): void {
  const x2 = v128.load(X2 + k);
  const z2 = v128.load(Z2 + k);
  const x3 = v128.load(X3 + k);
  const z3 = v128.load(Z3 + k);
  const a = i32x4.add(x2, z2);
  const b = difference(x2, z2, k);
  const c = i32x4.add(x3, z3);
  const d = difference(x3, z3, k);
  v128.store(A + k, a);
  v128.store(B + k, b);
  v128.store(C + k, c);
  v128.store(D + k, d);
  v128.store(AA + k, chosen(a, c, mask));
  v128.store(BB + k, chosen(b, d, mask));
}

/** Vector k / 16 of X3 = DA + CB and Z3 = DA - CB. */
@inline
function crossSums(k: usize): void {
  const da = v128.load(D + k);
  const cb = v128.load(C + k);
  v128.store(X3 + k, i32x4.add(da, cb));
  v128.store(Z3 + k, difference(da, cb, k));
}

/** Vector k / 16 of B = E = AA - BB. */
@inline
function squaresDifference(k: usize): void {
  v128.store(B + k, difference(v128.load(AA + k), v128.load(BB + k), k));
}

/** Vector k / 16 of A = AA + a24·E, from a24·E. */
@inline
function addSquare(k: usize): void {
  v128.store(A + k, i32x4.add(v128.load(A + k), v128.load(AA + k)));
}

/**
 * One step of both ladders: in each lane, (X2, Z2) becomes the double of itself, or of (X3, Z3) where the lane's mask is
 * set, and (X3, Z3) the sum of both.
 *
 * @bounds X2, Z2, X3, Z3 in and out: < 2^29 + 2^24
 */
@inline
function step(mask: v128): void {
  sumsAndDifferences(0, mask);
  sumsAndDifferences(16, mask);
  sumsAndDifferences(32, mask);
  sumsAndDifferences(48, mask);
  sumsAndDifferences(64, mask);
  multiply(D, A, D);
  multiply(C, C, B);
  square(AA, AA);
  carry(BB, BB);
  square(BB, BB);
  crossSums(0);
  crossSums(16);
  crossSums(32);
  crossSums(48);
  crossSums(64);
  square(X3, X3);
  carry(Z3, Z3);
  square(Z3, Z3);
  multiply(Z3, Z3, X1);
  squaresDifference(0);
  squaresDifference(16);
  squaresDifference(32);
  squaresDifference(48);
  squaresDifference(64);
  multiply(X2, AA, BB);
  multiplySmall(A, B, A24);
  addSquare(0);
  addSquare(16);
  addSquare(32);
  addSquare(48);
  addSquare(64);
  multiply(Z2, A, B);
}

/** Bit `bit` of the scalar at an address, 0 or 1. */
@inline
function scalarBit(scalar: usize, bit: i32): i32 {
  return (load<u8>(scalar + (bit >> 3)) >> (bit & 7)) & 1;
}

/** Vector k / 16 of the results: the lanes of X2 and Z2, sorted by ladder. */
@inline
function sortResults(k: usize): void {
  const x = v128.load(X2 + k);
  const z = v128.load(Z2 + k);
  v128.store(FIRST_RESULT + k, v128.shuffle<u32>(x, z, 0, 4, 2, 6));
  v128.store(SECOND_RESULT + k, v128.shuffle<u32>(x, z, 1, 5, 3, 7));
}

/**
 * FIRST_RESULT and SECOND_RESULT = (X2, Z2) of each of two scalars times the point at the same place; 32 bytes each, the
 * second behind the first. Scalars and points are taken as `ladder` takes them. The caller wipes with `wipeTwoLadders`.
 *
 * @bounds out: < 2^29 + 2^24
 */
export function twoLadders(scalars: usize, points: usize): void {
  copyBytes(SCALARS, scalars, 64);
  scalarClamp(SCALARS);
  scalarClamp(SCALARS + 32);
  wipe(X2, 4 * PAIR);
  store<u64>(X2, 0x0000000100000001); // X2 = 1, Z2 = 0
  store<u64>(Z3, 0x0000000100000001); // Z3 = 1
  for (let lane: u32 = 0; lane < 2; lane++) {
    readElement(X1, lane, points + 32 * lane);
    readElement(X3, lane, points + 32 * lane); // X3 = x1
  }
  let first: i32 = 0;
  let second: i32 = 0;
  for (let bit: i32 = 254; bit >= 0; bit--) {
    const swapFirst = first;
    const swapSecond = second;
    first = scalarBit(SCALARS, bit);
    second = scalarBit(SCALARS + 32, bit);
    const mask = i32x4.splat(-(swapFirst ^ first));
    step(i32x4.replace_lane(i32x4.replace_lane(mask, 1, -(swapSecond ^ second)), 3, -(swapSecond ^ second)));
  }
  sortResults(0);
  sortResults(16);
  sortResults(32);
  sortResults(48);
  sortResults(64);
}

/** Overwrites all that the ladders leave behind. */
export function wipeTwoLadders(): void {
  wipe(SCRATCH, SCRATCH_SIZE);
}
