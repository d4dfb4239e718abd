/**
 * The table for multiplication of the base point B (RFC 8032 §5.1) by secret scalars, `edwards25519-base.ts`: for each of
 * 51 digits in base 32 a row with the odd multiples, from 1 to 31, of 32^i · B. Built at first use, from public values.
 *
 * **Entry**, `ENTRY` = 112 bytes: for an affine point the elements p = (y + x)/2, m = (y - x)/2 and t = -d·x·y, in limbs
 *
 *     [p0, p5, p1, p6], [p2, p7, p3, p8], the same of m, the same of t, [p4, m4, t4, 0],
 *
 * so that the entries of two lanes become pairs by shuffles of their vectors. The halves make an addition's D = Z1·Z2 the
 * first point's Z itself.
 *
 * @module
 */
import { addendFromPoint, POINT, pointAdd, pointCopy, pointDouble } from './edwards25519';
import { pointDecode } from './edwards25519-encoding';
import { multiply, PAIR } from './field25519';
import { add, combine, swapLanes } from './field25519-lanes';
import { invertFirst } from './field25519-inverse';
import { copyBytes } from './memory';

/** Encoding of B: y = 4/5, x even. */
export const BASE_POINT: usize = memory.data<u64>([
  0x6666666666666658, 0x6666666666666666, 0x6666666666666666, 0x6666666666666666,
]);

/** Rows of the table, one for each digit. */
export const ROWS: usize = 51;
/** Entries of a row: as many as there are odd numbers below 32. */
export const ROW_LENGTH: usize = 16;
/** Size of an entry in bytes. */
export const ENTRY: usize = 112;
/** Size of a row in bytes. */
export const ROW: usize = ROW_LENGTH * ENTRY;

/** The table: row i at BASE_TABLE + i · ROW. Filled by `prepareBaseTable`. */
export const BASE_TABLE: usize = memory.data(51 * 16 * 112, 16);
let tableIsBuilt = false;

const BUILD: usize = memory.data(16 * 160 + 16 * 80 + 160 + 160 + 80 + 80, 16);
const MULTIPLES: usize = BUILD;
const PREFIXES: usize = BUILD + ROW_LENGTH * POINT;
const STEP: usize = PREFIXES + ROW_LENGTH * PAIR; // a point
const ADDEND: usize = STEP + POINT;
const INVERSE: usize = ADDEND + POINT;
const HALF_Z_INVERSE: usize = INVERSE + PAIR;

/** MULTIPLES = 1, 3, …, 31 times STEP; then STEP = 32 · STEP. */
function fillMultiples(): void {
  const second = MULTIPLES + POINT;
  const last = MULTIPLES + (ROW_LENGTH - 1) * POINT;
  pointDouble(second, STEP);
  addendFromPoint(ADDEND, second);
  pointCopy(MULTIPLES, STEP);
  for (let p = second; p <= last; p += POINT) pointAdd(p, p - POINT, ADDEND);
  addendFromPoint(ADDEND, STEP);
  pointAdd(STEP, last, ADDEND);
}

/** Stores the point at `p`, given 1/(2·Z) in both lanes of HALF_Z_INVERSE, as an entry. Overwrites p. */
function storeEntry(entry: usize, p: usize): void {
  multiply(p, p, HALF_Z_INVERSE); // (y/2, x/2)
  swapLanes(ADDEND, p);
  add(ADDEND, ADDEND, ADDEND);
  multiply(p + PAIR, ADDEND, p); // (x·y/2, x·y/2)
  addendFromPoint(ADDEND, p); // (p, m), (-, t)
  const t = ADDEND + PAIR;
  const v0 = v128.load(ADDEND);
  const v1 = v128.load(ADDEND, 16);
  const v2 = v128.load(ADDEND, 32);
  const v3 = v128.load(ADDEND, 48);
  v128.store(entry, v128.shuffle<u32>(v0, v1, 0, 2, 4, 6));
  v128.store(entry, v128.shuffle<u32>(v2, v3, 0, 2, 4, 6), 16);
  v128.store(entry, v128.shuffle<u32>(v0, v1, 1, 3, 5, 7), 32);
  v128.store(entry, v128.shuffle<u32>(v2, v3, 1, 3, 5, 7), 48);
  v128.store(entry, v128.shuffle<u32>(v128.load(t), v128.load(t, 16), 1, 3, 5, 7), 64);
  v128.store(entry, v128.shuffle<u32>(v128.load(t, 32), v128.load(t, 48), 1, 3, 5, 7), 80);
  v128.store(entry, v128.shuffle<u32>(v128.load(ADDEND, 64), v128.load(t, 64), 0, 1, 5, 3), 96);
}

/** Fills a row from MULTIPLES, with one inversion for all of them (Montgomery's trick, in lane 0 of the (Z, T) pairs). */
function fillRow(row: usize): void {
  copyBytes(PREFIXES, MULTIPLES + PAIR, PAIR);
  for (let j: usize = 1; j < ROW_LENGTH; j++) {
    multiply(PREFIXES + j * PAIR, PREFIXES + (j - 1) * PAIR, MULTIPLES + j * POINT + PAIR);
  }
  const product = PREFIXES + (ROW_LENGTH - 1) * PAIR;
  add(INVERSE, product, product);
  invertFirst(INVERSE, INVERSE);
  for (let j = ROW_LENGTH - 1; j > 0; j--) {
    multiply(HALF_Z_INVERSE, INVERSE, PREFIXES + (j - 1) * PAIR);
    multiply(INVERSE, INVERSE, MULTIPLES + j * POINT + PAIR);
    bothLanes(HALF_Z_INVERSE);
    storeEntry(row + j * ENTRY, MULTIPLES + j * POINT);
  }
  copyBytes(HALF_Z_INVERSE, INVERSE, PAIR);
  bothLanes(HALF_Z_INVERSE);
  storeEntry(row, MULTIPLES);
}

/** Copies lane 0 of a pair to lane 1. */
function bothLanes(pair: usize): void {
  swapLanes(ADDEND, pair);
  combine(pair, pair, ADDEND);
}

/** Fills the table, at the first call. */
export function prepareBaseTable(): void {
  if (tableIsBuilt) return;
  pointDecode(STEP, BASE_POINT);
  for (let row = BASE_TABLE; row < BASE_TABLE + ROWS * ROW; row += ROW) {
    fillMultiples();
    fillRow(row);
  }
  tableIsBuilt = true;
}
