/**
 * Powers with fixed exponents modulo 2^255 - 19, in both lanes: inversion and the power that gives square roots.
 * The exponents are public, so the chains of squares and products are the same for every input.
 *
 * @module
 */
import { multiply, PAIR, square, squareTimes } from './field25519';
import { copyBytes, wipe } from './memory';

const SCRATCH: usize = memory.data(4 * 80, 16);
const POWER_11: usize = SCRATCH;
const CHAIN: usize = SCRATCH + PAIR;
const PART: usize = SCRATCH + 2 * PAIR;
const SHORT: usize = SCRATCH + 3 * PAIR;

/**
 * PART = CHAIN^(2^count), then CHAIN = PART · factor: doubles the length of a run of ones in the exponent, if `factor`
 * is CHAIN and `count` its length.
 */
function extend(count: i32, factor: usize): void {
  squareTimes(PART, CHAIN, count);
  multiply(CHAIN, PART, factor);
}

/** CHAIN = a^(2^250 - 1) and POWER_11 = a^11. */
function longChain(a: usize): void {
  square(CHAIN, a); // 2
  squareTimes(PART, CHAIN, 2); // 8
  multiply(PART, PART, a); // 9
  multiply(POWER_11, PART, CHAIN); // 11
  square(CHAIN, POWER_11); // 22
  multiply(CHAIN, CHAIN, PART); // 31 = 2^5 - 1
  extend(5, CHAIN); // 2^10 - 1
  copyBytes(SHORT, CHAIN, PAIR);
  extend(10, CHAIN); // 2^20 - 1
  extend(20, CHAIN); // 2^40 - 1
  extend(10, SHORT); // 2^50 - 1
  copyBytes(SHORT, CHAIN, PAIR);
  extend(50, CHAIN); // 2^100 - 1
  extend(100, CHAIN); // 2^200 - 1
  extend(50, SHORT); // 2^250 - 1
}

/**
 * out = 1 / a = a^(p - 2) = a^(2^255 - 21), in both lanes; 0 for 0. Wipes its scratch.
 *
 * @bounds in: a < 2^30 + 2^25; out: < 2^29 + 2^24
 */
export function invert(out: usize, a: usize): void {
  longChain(a);
  squareTimes(CHAIN, CHAIN, 5);
  multiply(out, CHAIN, POWER_11);
  wipe(SCRATCH, 4 * PAIR);
}

/**
 * out = a^((p - 5) / 8) = a^(2^252 - 3), in both lanes: the power from which RFC 8032 §5.1.3 takes square roots. Wipes
 * its scratch.
 *
 * @bounds in: a < 2^29 + 2^24; out: < 2^29 + 2^24; out must not be a
 */
export function squareRootPower(out: usize, a: usize): void {
  longChain(a);
  squareTimes(CHAIN, CHAIN, 2);
  multiply(out, CHAIN, a);
  wipe(SCRATCH, 4 * PAIR);
}
