/**
 * Multiples of the base point B (RFC 8032 §5.1) by a secret scalar, from a table that is built at first use: sums of 51
 * signed digits in base 32, one table row for each digit. Compared with a comb of 8 teeth this needs no doublings, and a
 * row of 16 entries is quicker to scan.
 *
 * Constant time: every digit reads its whole row and keeps one entry by masks.
 *
 * @module
 */
import { addendFromPoint, pointAdd, pointCopy, pointDouble, pointIdentity, POINT, pointWipe } from './edwards25519';
import { encodingWipe, pointDecode, pointEncodeMontgomery } from './edwards25519-encoding';
import { multiply, PAIR } from './field25519';
import { carry, combine, sumAndDifference, swapLanes } from './field25519-lanes';
import { invertFirst } from './field25519-inverse';
import { copyBytes, wipe } from './memory';
import { combDigits, scalarClamp, scalarReduce, scalarWipe } from './scalar25519';

/** Encoding of B: y = 4/5, x even. */
export const BASE_POINT: usize = memory.data<u64>([
  0x6666666666666658, 0x6666666666666666, 0x6666666666666666, 0x6666666666666666,
]);

const ROWS: usize = 51;
const ROW_LENGTH: usize = 16;

/**
 * An affine entry, j · 32^i · B, in seven vectors: the pair (y + x, y - x) of an addend, whose fifth vector has room for
 * t[4], then [t0, t5, t1, t6] and [t2, t7, t3, t8], where t = -2·d·x·y.
 */
const ENTRY: usize = 112;
const ROW: usize = ROW_LENGTH * ENTRY;
const TABLE: usize = memory.data(51 * 16 * 112, 16);
let tableIsBuilt = false;

/**
 * Vectors for selection: 2 for 2·Z of an affine addend; (1, 1), the pair (y + x, y - x) of the identity; 128 p as in
 * `edwards25519.ts` for the limbs t0, t5, t1, t6, and for all limbs but t0.
 */
const CONSTANTS: usize = memory.data<u32>(
  [
    2, 0, 0, 0, //
    1, 1, 0, 0, //
    0x3ffff680, 0x3ffffffe, 0x3ffffffe, 0x3ffffffe, //
    0x3ffffffe, 0x3ffffffe, 0x3ffffffe, 0x3ffffffe, //
  ],
  16,
);

const SCRATCH: usize = memory.data(2 * 160 + 48, 16);
const SELECTED: usize = SCRATCH; // an addend
const PRODUCT: usize = SCRATCH + POINT; // a point
const DIGITS: usize = SCRATCH + 2 * POINT; // 32 bytes, and some that stay zero

/** Wipes everything that a fixed-base multiplication leaves behind. */
export function baseWipe(): void {
  wipe(SCRATCH, 2 * POINT + 48);
  pointWipe();
  encodingWipe();
  scalarWipe();
}

// ---- The table (public) ---------------------------------------------------------------------------------------------

const BUILD: usize = memory.data(16 * 160 + 16 * 80 + 160 + 160 + 80 + 80, 16);
const MULTIPLES: usize = BUILD;
const PREFIXES: usize = BUILD + ROW_LENGTH * POINT;
const STEP: usize = PREFIXES + ROW_LENGTH * PAIR; // a point
const STEP_ADDEND: usize = STEP + POINT;
const INVERSE: usize = STEP_ADDEND + POINT;
const Z_INVERSE: usize = INVERSE + PAIR;

/** MULTIPLES = 1, 2, …, 16 times STEP. */
function fillMultiples(): void {
  addendFromPoint(STEP_ADDEND, STEP);
  pointCopy(MULTIPLES, STEP);
  for (let j: usize = 1; j < ROW_LENGTH; j++) {
    pointAdd(MULTIPLES + j * POINT, MULTIPLES + (j - 1) * POINT, STEP_ADDEND);
  }
}

/** Stores the point at `p`, given 1/Z in both lanes of Z_INVERSE, as a table entry. Overwrites p. */
function storeEntry(entry: usize, p: usize): void {
  multiply(p, p, Z_INVERSE); // (y, x)
  memory.fill(p + PAIR, 0, PAIR);
  store<u32>(p + PAIR, 1);
  swapLanes(STEP_ADDEND, p);
  multiply(STEP_ADDEND, STEP_ADDEND, p); // (x·y, x·y)
  combine(p + PAIR, p + PAIR, STEP_ADDEND); // (1, t)
  addendFromPoint(STEP_ADDEND, p);
  const t = STEP_ADDEND + PAIR;
  copyBytes(entry, STEP_ADDEND, PAIR);
  store<u32>(entry, load<u32>(t, 68), 72);
  v128.store(entry, v128.shuffle<u32>(v128.load(t), v128.load(t, 16), 1, 3, 5, 7), 80);
  v128.store(entry, v128.shuffle<u32>(v128.load(t, 32), v128.load(t, 48), 1, 3, 5, 7), 96);
}

/** Fills a row from MULTIPLES, with one inversion for all of them (Montgomery's trick, in lane 0 of the (Z, T) pairs). */
function fillRow(row: usize): void {
  copyBytes(PREFIXES, MULTIPLES + PAIR, PAIR);
  for (let j: usize = 1; j < ROW_LENGTH; j++) {
    multiply(PREFIXES + j * PAIR, PREFIXES + (j - 1) * PAIR, MULTIPLES + j * POINT + PAIR);
  }
  invertFirst(INVERSE, PREFIXES + (ROW_LENGTH - 1) * PAIR);
  for (let j = ROW_LENGTH - 1; j > 0; j--) {
    multiply(Z_INVERSE, INVERSE, PREFIXES + (j - 1) * PAIR);
    multiply(INVERSE, INVERSE, MULTIPLES + j * POINT + PAIR);
    bothLanes(Z_INVERSE);
    storeEntry(row + j * ENTRY, MULTIPLES + j * POINT);
  }
  copyBytes(Z_INVERSE, INVERSE, PAIR);
  bothLanes(Z_INVERSE);
  storeEntry(row, MULTIPLES);
}

/** Copies lane 0 of a pair to lane 1. */
function bothLanes(pair: usize): void {
  swapLanes(STEP_ADDEND, pair);
  combine(pair, pair, STEP_ADDEND);
}

function buildTable(): void {
  pointDecode(STEP, BASE_POINT);
  for (let row = TABLE; row < TABLE + ROWS * ROW; row += ROW) {
    fillMultiples();
    pointDouble(STEP, MULTIPLES + (ROW_LENGTH - 1) * POINT);
    fillRow(row);
  }
  tableIsBuilt = true;
}

// ---- Multiplication (secret) ----------------------------------------------------------------------------------------

/** v where negative is 0, w where it is -1. */
@inline
function choose(v: v128, w: v128, negative: v128): v128 {
  return v128.xor(v, v128.and(negative, v128.xor(v, w)));
}

@inline
function exchange(v: v128, negative: v128): v128 {
  return choose(v, v128.shuffle<u32>(v, v, 1, 0, 3, 2), negative);
}

/**
 * SELECTED = digit times the row's step, -16 ≤ digit ≤ 15 (secret). The negative of an addend has y + x and y - x
 * exchanged, and t negated.
 *
 * @bounds out: an addend whose second pair may be a difference
 */
function selectEntry(row: usize, digit: i32): void {
  const sign = digit >> 31;
  const negative = i32x4.splat(sign);
  const wanted = i32x4.splat((digit ^ sign) - sign);
  const two = v128.load(CONSTANTS);
  let v0 = v128.and(v128.load(CONSTANTS, 16), i32x4.eq(wanted, i32x4.splat(0)));
  let v1 = i32x4.splat(0);
  let v2 = v1;
  let v3 = v1;
  let v4 = v1;
  let t0516 = v1;
  let t2738 = v1;
  for (let j: i32 = 1; j <= <i32>ROW_LENGTH; j++) {
    const mask = i32x4.eq(wanted, i32x4.splat(j));
    v0 = v128.or(v0, v128.and(mask, v128.load(row)));
    v1 = v128.or(v1, v128.and(mask, v128.load(row, 16)));
    v2 = v128.or(v2, v128.and(mask, v128.load(row, 32)));
    v3 = v128.or(v3, v128.and(mask, v128.load(row, 48)));
    v4 = v128.or(v4, v128.and(mask, v128.load(row, 64)));
    t0516 = v128.or(t0516, v128.and(mask, v128.load(row, 80)));
    t2738 = v128.or(t2738, v128.and(mask, v128.load(row, 96)));
    row += ENTRY;
  }
  const bias = v128.load(CONSTANTS, 48);
  v4 = choose(v4, v128.shuffle<u32>(v4, i32x4.sub(bias, v4), 1, 0, 6, 3), negative);
  t0516 = choose(t0516, i32x4.sub(v128.load(CONSTANTS, 32), t0516), negative);
  t2738 = choose(t2738, i32x4.sub(bias, t2738), negative);
  v128.store(SELECTED, exchange(v0, negative));
  v128.store(SELECTED, exchange(v1, negative), 16);
  v128.store(SELECTED, exchange(v2, negative), 32);
  v128.store(SELECTED, exchange(v3, negative), 48);
  v128.store(SELECTED, v128.shuffle<u32>(v4, two, 0, 1, 5, 5), 64);
  v128.store(SELECTED, v128.shuffle<u32>(two, t0516, 0, 4, 1, 5), 80);
  v128.store(SELECTED, v128.shuffle<u32>(two, t0516, 1, 6, 1, 7), 96);
  v128.store(SELECTED, v128.shuffle<u32>(two, t2738, 1, 4, 1, 5), 112);
  v128.store(SELECTED, v128.shuffle<u32>(two, t2738, 1, 6, 1, 7), 128);
  v128.store(SELECTED, v128.shuffle<u32>(two, v4, 1, 6, 1, 1), 144);
}

/**
 * out = [s]B for a secret s < L, 32 bytes. Leaves traces that `baseWipe` removes.
 *
 * @bounds out: point
 */
export function baseMultiply(out: usize, s: usize): void {
  if (!tableIsBuilt) buildTable();
  combDigits(DIGITS, s);
  pointIdentity(out);
  let row = TABLE;
  for (let bit: u32 = 0; bit < 5 * <u32>ROWS; bit += 5) {
    const digit = <i32>((load<u32>(DIGITS + (bit >> 3)) >> (bit & 7)) & 31) - 16;
    selectEntry(row, digit);
    pointAdd(out, out, SELECTED);
    row += ROW;
  }
}

/**
 * X25519 of the base point (RFC 7748 §6.1): `out` = the public key, 32 bytes, for the 32-byte secret at `scalar`, which
 * is clamped in place. The Montgomery u coordinate of [scalar]B does not change when the scalar is taken modulo L.
 * Wipes all scratch; the scalar is the caller's to wipe.
 */
export function baseMontgomery(out: usize, scalar: usize): void {
  scalarClamp(scalar);
  scalarReduce(scalar, scalar);
  baseMultiply(PRODUCT, scalar);
  pointEncodeMontgomery(out, PRODUCT);
  baseWipe();
}
