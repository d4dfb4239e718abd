/**
 * Sums of multiples of points, Σ [sᵢ]Pᵢ, for public scalars and points: Straus's interleaving. All terms share the
 * doublings; each has its scalar in width-w non-adjacent form and a table of the odd multiples of its point.
 *
 *     strausStart(most); strausTerm(table, scalar, bits, w) for each term; strausSum(out)
 *
 * Variable-time throughout.
 *
 * @module
 */
import { addendFromPoint, POINT, pointAdd, pointDouble, pointIdentity, pointSubtract } from './edwards25519';
import { scalarToWnaf } from './scalar25519';

/** Most terms of a sum: with more, `multi-scalar-buckets.ts` is faster. */
export const MAX_TERMS: usize = 288;

/** The digits of bit i of all terms lie together, at DIGITS + i · stride, one signed byte for each term. */
const DIGITS: usize = memory.data(257 * 288, 16);
/** Address of each term's table. */
const TABLES: usize = memory.data(288 * 4, 16);
const MULTIPLE: usize = memory.data(2 * 160, 16); // a point
const STEP: usize = MULTIPLE + POINT; // an addend: twice the point

let terms: usize = 0;
let digits: usize = 0;
let stride: usize = 8;

/** Fills a table with `count` ≥ 2 addends: p, 3·p, 5·p, … Tables of odd multiples for width w need 2^(w-2). */
export function fillOddMultiples(table: usize, p: usize, count: usize): void {
  addendFromPoint(table, p);
  pointDouble(MULTIPLE, p);
  addendFromPoint(STEP, MULTIPLE);
  pointAdd(MULTIPLE, p, STEP);
  addendFromPoint(table + POINT, MULTIPLE);
  const end = table + count * POINT;
  for (let at = table + 2 * POINT; at < end; at += POINT) {
    pointAdd(MULTIPLE, MULTIPLE, STEP);
    addendFromPoint(at, MULTIPLE);
  }
}

/** Begins a sum of at most `most` terms, at most MAX_TERMS. */
export function strausStart(most: usize): void {
  // What the last sum did not reach is clean already.
  memory.fill(DIGITS, 0, digits * stride);
  terms = 0;
  digits = 0;
  stride = (most + 7) & ~7; // digits are scanned eight at a time
}

/** Adds a term: the point whose odd multiples are in `table`, times the `bits`-bit scalar (4 more bytes are read). */
export function strausTerm(table: usize, scalar: usize, bits: usize, w: u32): void {
  store<usize>(TABLES + terms * sizeof<usize>(), table);
  digits = max(digits, scalarToWnaf(DIGITS + terms, stride, scalar, bits, w));
  terms += 1;
}

/** Adds to `out` the terms of the group of eight from term `group` on whose digits, given in one word, are not zero. */
function addGroup(out: usize, group: usize, word: u64): void {
  while (word != 0) {
    const shift = ctz<u64>(word) & ~7;
    const digit = <i32>(<i8>(word >> shift));
    word &= ~(<u64>0xff << shift);
    const table = load<usize>(TABLES + (group + <usize>(shift >> 3)) * sizeof<usize>());
    // The odd multiple |digit| is entry (|digit| - 1) / 2.
    if (digit > 0) pointAdd(out, out, table + <usize>(digit >> 1) * POINT);
    else pointSubtract(out, out, table + <usize>(-digit >> 1) * POINT);
  }
}

/** out = the sum of the terms, a point. */
export function strausSum(out: usize): void {
  pointIdentity(out);
  let row = DIGITS + digits * stride;
  while (row > DIGITS) {
    row -= stride;
    pointDouble(out, out);
    for (let group: usize = 0; group < terms; group += 8) {
      addGroup(out, group, load<u64>(row + group));
    }
  }
}
