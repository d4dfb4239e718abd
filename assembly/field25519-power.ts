/**
 * The power of elements modulo p = 2^255 - 19 that gives square roots. The exponent is public, so the chain of squares
 * and products is the same for every input.
 *
 * @module
 */
import { multiply, PAIR, square, squareTimes } from './field25519';
import { copyBytes, wipe } from './memory';

const SCRATCH: usize = memory.data(3 * 80, 16);
const CHAIN: usize = SCRATCH;
const PART: usize = SCRATCH + PAIR;
const SHORT: usize = SCRATCH + 2 * PAIR;

/** CHAIN = CHAIN^(2^count) · factor: appends `count` ones to the exponent if that is what the exponent of `factor` is. */
function extend(count: i32, factor: usize): void {
  squareTimes(PART, CHAIN, count);
  multiply(CHAIN, PART, factor);
}

/**
 * out = a^((p - 5) / 8) = a^(2^252 - 3), in both lanes: the power from which RFC 8032 §5.1.3 takes square roots. Wipes
 * its scratch.
 *
 * @bounds in: a < 2^29 + 2^24; out: < 2^29 + 2^24; out must not be a
 */
export function squareRootPower(out: usize, a: usize): void {
  square(CHAIN, a); // the exponent is 2
  multiply(CHAIN, CHAIN, a); // 2^2 - 1
  extend(2, CHAIN); // 2^4 - 1
  square(CHAIN, CHAIN); // 2^5 - 2
  multiply(CHAIN, CHAIN, a); // 2^5 - 1
  extend(5, CHAIN); // 2^10 - 1
  copyBytes(SHORT, CHAIN, PAIR);
  extend(10, CHAIN); // 2^20 - 1
  extend(20, CHAIN); // 2^40 - 1
  extend(10, SHORT); // 2^50 - 1
  copyBytes(SHORT, CHAIN, PAIR);
  extend(50, CHAIN); // 2^100 - 1
  extend(100, CHAIN); // 2^200 - 1
  extend(50, SHORT); // 2^250 - 1
  squareTimes(CHAIN, CHAIN, 2); // 2^252 - 4
  multiply(out, CHAIN, a);
  wipe(SCRATCH, 3 * PAIR);
}
