/**
 * out = a · x for one element x that stays the same over many products, in scalar arithmetic: while vectors multiply a
 * pair, the units of the processor for 64-bit integers have little to do. `multiplyAndScale` in `field25519.ts` does both.
 *
 * Of x a table is made first: x · 2^(29 j) modulo p for each limb j of a. The product is then a sum of nine columns only,
 * Σ a[j] · (x · 2^(29 j))[i] for each limb i, with nothing above 2^261 left to fold but the last carry.
 *
 * @module
 */
import { limbAddress } from './field25519-bytes';

const ROW: usize = 9 * 8;

/** Bytes of a table: nine rows, row i with limb i of x · 2^(29 j) for j = 0 … 8, in 64 bits each. */
export const MULTIPLES: usize = 9 * ROW;

const LIMB_MASK: u64 = (1 << 29) - 1;

/**
 * Makes the table of the element in one lane of a pair. From one multiple to the next, all limbs move up by one, and the
 * highest comes back into the lowest times 1216.
 *
 * @bounds in: limbs of x below 2^29; out: limbs below 2^29 + 2^15
 */
export function prepareMultiples(table: usize, x: usize, lane: u32): void {
  for (let i: u32 = 0; i < 9; i++) store<u64>(table + ROW * i, load<u32>(limbAddress(x, lane, i)));
  for (let from = table; from < table + 64; from += 8) {
    const wrapped = 1216 * load<u64>(from + 8 * ROW);
    for (let row = from; row < from + 8 * ROW; row += ROW) store<u64>(row + ROW, load<u64>(row), 8);
    store<u64>(from, wrapped & LIMB_MASK, 8);
    store<u64>(from + ROW, load<u64>(from + ROW, 8) + (wrapped >> 29), 8);
  }
}

/** Limb i of the element in lane 0 of a pair. */
@inline
export function limb(pair: usize, i: u32): u64 {
  return load<u32>(limbAddress(pair, 0, i));
}

/**
 * `carry` plus column i of the product of an element, given by its limbs, and the table's: one chain of additions, so
 * that a compiler does not gather all loads first.
 *
 * @bounds in: limbs < 2^29 + 2^24, carry < 2^33; out: < 2^62
 */
@inline
export function scaledColumn(
  table: usize, i: u32, carry: u64,
  a0: u64, a1: u64, a2: u64, a3: u64, a4: u64, a5: u64, a6: u64, a7: u64, a8: u64,
): u64 {
  const row = table + ROW * i;
  let column = carry;
  column += load<u64>(row) * a0;
  column += load<u64>(row, 8) * a1;
  column += load<u64>(row, 16) * a2;
  column += load<u64>(row, 24) * a3;
  column += load<u64>(row, 32) * a4;
  column += load<u64>(row, 40) * a5;
  column += load<u64>(row, 48) * a6;
  column += load<u64>(row, 56) * a7;
  column += load<u64>(row, 64) * a8;
  return column;
}

/** What a column passes on to the next one. */
@inline
export function passedOn(column: u64): u64 {
  return column >> 29;
}

/** Stores what stays of column i, as limb i in lane 0 of a pair. At once, since compilers do not move work past a store. */
@inline
export function storeColumn(pair: usize, i: u32, column: u64): void {
  store<u32>(limbAddress(pair, 0, i), <u32>(column & LIMB_MASK));
}

/**
 * Stores columns 0 and 1, into which what column 8 passes on is folded.
 *
 * @bounds in: columns < 2^62; out: limbs < 2^29 + 2^16
 */
@inline
export function storeFolded(pair: usize, column0: u64, column1: u64, column8: u64): void {
  const lowest = (column0 & LIMB_MASK) + 1216 * passedOn(column8);
  store<u32>(limbAddress(pair, 0, 0), <u32>(lowest & LIMB_MASK));
  store<u32>(limbAddress(pair, 0, 1), <u32>((column1 & LIMB_MASK) + passedOn(lowest)));
}
