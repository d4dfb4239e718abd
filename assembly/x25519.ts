/**
 * X25519 (RFC 7748) for up to `X25519_BATCH` scalars and points at a time, taken two by two and sharing one
 * inversion: the u-coordinates X / Z of all results come from the inverse of the product of all Z (Montgomery's trick).
 *
 * @module
 */
import { multiply, PAIR } from './field25519';
import { isZero, writeElement } from './field25519-bytes';
import { invertFirst } from './field25519-inverse';
import { select, swapLanes } from './field25519-lanes';
import { copyBytes, wipe } from './memory';
import { ladder, RESULT, wipeLadder } from './x25519-ladder';
import { FIRST_RESULT, SECOND_RESULT, twoLadders, wipeTwoLadders } from './x25519-two-ladders';

/** The most key agreements in one call. */
export const X25519_BATCH: usize = 32;

const SCRATCH: usize = memory.data(66 * 80 + 32, 16);

/** (X, Z) of each result. */
const POINTS: usize = SCRATCH;
/** In lane 1, the product of Z of this result and all before it. */
const PRODUCTS: usize = SCRATCH + X25519_BATCH * PAIR;
/** In lane 1, the inverse of such a product. */
const INVERSE: usize = PRODUCTS + X25519_BATCH * PAIR;
const QUOTIENT: usize = INVERSE + PAIR;
const ENCODING: usize = QUOTIENT + PAIR;

/** (0, 1), which stands in for a point with Z = 0: RFC 7748 defines X / 0 as 0. */
const ZERO_POINT: usize = memory.data<u32>([0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], 16);

/** Keeps (X, Z) as result number i. A zero among the factors would make the common product useless to all others. */
function keepResult(i: usize, result: usize): void {
  const point = POINTS + i * PAIR;
  writeElement(ENCODING, result, 1);
  select(point, result, ZERO_POINT, -<i32>isZero(ENCODING));
  if (i == 0) copyBytes(PRODUCTS, point, PAIR);
  else multiply(PRODUCTS + i * PAIR, PRODUCTS + (i - 1) * PAIR, point);
}

/** Writes X / Z of result i, whose product's inverse is in INVERSE, and leaves there the inverse of the one before. */
function writeResult(out: usize, i: usize): void {
  const point = POINTS + i * PAIR;
  if (i == 0) {
    copyBytes(QUOTIENT, INVERSE, PAIR);
  } else {
    multiply(QUOTIENT, INVERSE, PRODUCTS + (i - 1) * PAIR);
    multiply(INVERSE, INVERSE, point);
  }
  swapLanes(QUOTIENT, QUOTIENT);
  multiply(QUOTIENT, QUOTIENT, point);
  writeElement(out, QUOTIENT, 0);
}

/**
 * Writes the shared secret of each scalar and the point at the same place; 32 bytes each, one after the other.
 *
 * @param count 1 to `X25519_BATCH`
 * @returns 1, or 0 if a secret is all zeros because its point is of low order (RFC 7748 §6.1)
 */
export function x25519(out: usize, scalars: usize, points: usize, count: usize): u32 {
  let done: usize = 0;
  for (; done + 2 <= count; done += 2) {
    twoLadders(scalars + 32 * done, points + 32 * done);
    keepResult(done, FIRST_RESULT);
    keepResult(done + 1, SECOND_RESULT);
  }
  if (done > 0) wipeTwoLadders();
  if (done < count) {
    ladder(scalars + 32 * done, points + 32 * done);
    keepResult(done, RESULT);
    wipeLadder();
  }
  swapLanes(INVERSE, PRODUCTS + (count - 1) * PAIR);
  invertFirst(INVERSE, INVERSE);
  let contributory: u32 = 1;
  for (let i: usize = count; i > 0; i--) {
    const result = out + 32 * (i - 1);
    writeResult(result, i - 1);
    contributory &= 1 - isZero(result);
  }
  wipe(POINTS, count * PAIR);
  wipe(PRODUCTS, count * PAIR);
  wipe(INVERSE, 2 * PAIR + 32);
  return contributory;
}
