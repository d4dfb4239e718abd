/**
 * Sums of multiples of many points, Σ [sᵢ]Pᵢ, for public scalars and points: Pippenger's buckets. Scalars are cut into
 * signed bytes; for each byte position, points with the same digit meet in one bucket, and the buckets are summed up with
 * their weights. Better than `multi-scalar.ts` from 300 terms on.
 *
 *     bucketsStart(); bucketsTerm(point, scalar) for each term; bucketsSum(out)
 *
 * Variable-time throughout.
 *
 * @module
 */
import {
  addendFromPoint,
  POINT,
  pointAdd,
  pointCopy,
  pointDouble,
  pointIdentity,
  pointNegate,
  pointSubtract,
} from './edwards25519';

/** Signed bytes of a scalar below 2^255 - 2^247: its topmost byte passes no carry on. */
const DIGITS_PER_TERM: usize = 32;
const BUCKETS: usize = 128;

/** At most 2,049 terms: those of a whole batch. */
const POINTS: usize = memory.data(2049 * 4, 16); // addresses
const ADDENDS: usize = memory.data(2049 * 160, 16);
const DIGITS: usize = memory.data(2049 * 32, 16);
/** Bucket j holds the sum of the points with digit ±(j + 1). */
const BUCKET_POINTS: usize = memory.data(128 * 160, 16);
const FILLED: usize = memory.data(128, 16);
const SCRATCH: usize = memory.data(3 * 160, 16);
const RUNNING: usize = SCRATCH;
const TOTAL: usize = SCRATCH + POINT;
const STEP: usize = SCRATCH + 2 * POINT;

let terms: usize = 0;

/** Begins a sum. */
export function bucketsStart(): void {
  terms = 0;
}

/** Adds a term: the point at `p`, which must stay, times the 32-byte scalar below L. */
export function bucketsTerm(p: usize, scalar: usize): void {
  store<usize>(POINTS + terms * sizeof<usize>(), p);
  addendFromPoint(ADDENDS + terms * POINT, p);
  const out = DIGITS + terms * DIGITS_PER_TERM;
  let carry: i32 = 0;
  for (let i: usize = 0; i < 32; i++) {
    const digit = <i32>load<u8>(scalar + i) + carry;
    carry = (digit + 128) >> 8; // digits from -128 to 127
    store<i8>(out + i, <i8>digit);
  }
  terms += 1;
}

/** Puts every point with a digit at `position` into its bucket. */
function fillBuckets(position: usize): void {
  memory.fill(FILLED, 0, BUCKETS);
  for (let term: usize = 0; term < terms; term++) {
    const digit = <i32>load<i8>(DIGITS + term * DIGITS_PER_TERM + position);
    if (digit == 0) continue;
    const index = <usize>(digit > 0 ? digit : -digit) - 1;
    const bucket = BUCKET_POINTS + index * POINT;
    const addend = ADDENDS + term * POINT;
    if (!load<u8>(FILLED + index)) {
      store<u8>(FILLED + index, 1);
      const p = load<usize>(POINTS + term * sizeof<usize>());
      if (digit > 0) pointCopy(bucket, p);
      else pointNegate(bucket, p);
    } else if (digit > 0) {
      pointAdd(bucket, bucket, addend);
    } else {
      pointSubtract(bucket, bucket, addend);
    }
  }
}

/** out += Σ (j + 1) · bucket j: every bucket is added to a running sum, and that to the total, from the heaviest down. */
function addBuckets(out: usize): void {
  pointIdentity(RUNNING);
  pointIdentity(TOTAL);
  for (let index: isize = <isize>BUCKETS - 1; index >= 0; index--) {
    if (load<u8>(FILLED + index)) {
      addendFromPoint(STEP, BUCKET_POINTS + index * POINT);
      pointAdd(RUNNING, RUNNING, STEP);
    }
    addendFromPoint(STEP, RUNNING);
    pointAdd(TOTAL, TOTAL, STEP);
  }
  addendFromPoint(STEP, TOTAL);
  pointAdd(out, out, STEP);
}

/** out = the sum of the terms, a point. */
export function bucketsSum(out: usize): void {
  pointIdentity(out);
  for (let position: isize = 31; position >= 0; position--) {
    for (let i = 0; i < 8; i++) pointDouble(out, out);
    fillBuckets(position);
    addBuckets(out);
  }
}
