/**
 * Arithmetic modulo p = 2^255 - 19 on **pairs**: two independent field elements, side by side in vectors, because
 * WebAssembly multiplies two 32-bit numbers by two others in one instruction (`i64x2.extmul_low_i32x4_u`).
 *
 * **Representation.** An element is Σ limb[i] · 2^(29 i), i = 0 … 8; the limbs are unsigned and may exceed 29 bits within
 * the bounds stated at each function. Since 2^261 ≡ 1216 (mod p), what leaves limb 8 comes back into limb 0 times 1216.
 *
 * **Memory.** A pair takes `PAIR` = 80 bytes, aligned to 16: five vectors of four 32-bit lanes. Lane 0 is the first
 * element, lane 1 the second:
 *
 *     vector k  =  [ first[k], second[k], first[k + 5], second[k + 5] ],   k = 0 … 3
 *     vector 4  =  [ first[4], second[4], 0,            0             ]
 *
 * Limbs k and k + 1 lie at the same place of neighbouring vectors, so a carry needs no shuffle but one. Functions take
 * addresses of pairs; `out` may be one of the inputs. To work on one element, ignore the other lane.
 *
 * **Bounds.** `@bounds` states what every limb of the inputs must stay below and what those of the output do. Three
 * grades occur, and a sum or difference may only be formed of reduced pairs:
 *
 * - *reduced*, < 2^29 + 2^24: results of `multiply`, `square`, `carry`, constants, loaded elements;
 * - *sum*, < 2^30 + 2^25: reduced + reduced;
 * - *difference*, < 2^30 + 2^29 + 2^24: reduced - reduced (to which 128 p is added, so that no limb is negative).
 *
 * `multiply` takes any two operands except two differences, `square` any but a difference: `carry` one first.
 *
 * All functions run in constant time. This file multiplies; `field25519-lanes.ts` adds, subtracts, carries, selects and
 * moves elements between lanes; `field25519-inverse.ts` inverts; `field25519-power.ts` takes the power for square
 * roots; `field25519-bytes.ts` reads and writes 32-byte encodings and compares them; `field25519-scale.ts` has the scalar
 * product that goes along with `multiplyAndScale`.
 *
 * @module
 */

import { limb, passedOn, scaledColumn, storeColumn, storeFolded } from './field25519-scale';

/** Size of a pair in bytes. A region of n pairs is reserved by `memory.data(n * PAIR, 16)`. */
export const PAIR: usize = 80;

/** Rows of 16 bytes; loaded at the start of each function, since V8 would rebuild a `v128.const` at every use. */
const CONSTANTS: usize = memory.data<u32>(
  [
    0x1fffffff, 0x1fffffff, 0x1fffffff, 0x1fffffff, // four limbs in 32-bit lanes
    0x1fffffff, 0x00000000, 0x1fffffff, 0x00000000, // two columns in 64-bit lanes
    1216, 1216, 1216, 1216, // 2^261 mod p, in 32-bit lanes, of which the upper 16 bits are zero
  ],
  16,
);

@inline
function limbMask(): v128 {
  return v128.load(CONSTANTS);
}

@inline
function columnMask(): v128 {
  return v128.load(CONSTANTS, 16);
}

@inline
function foldFactor(): v128 {
  return v128.load(CONSTANTS, 32);
}

/** x·y for lanes 0 and 1, as two 64-bit lanes. */
@inline
function product(x: v128, y: v128): v128 {
  return i64x2.extmul_low_i32x4_u(x, y);
}

/** column + x·y. */
@inline
function plus(column: v128, x: v128, y: v128): v128 {
  return i64x2.add(column, i64x2.extmul_low_i32x4_u(x, y));
}

/** What a column passes on to the next one. */
@inline
function carryOf(column: v128): v128 {
  return i64x2.shr_u(column, 29);
}

/** The low 32 bits of the columns x and y: [x0, x1, y0, y1]. */
@inline
function pack(x: v128, y: v128): v128 {
  return v128.shuffle<u32>(x, y, 0, 2, 4, 6);
}

/**
 * Reduces the 17 columns of a product and stores the pair.
 *
 * Two chains of carries: from column 8 upwards, so that columns 9 … 16 and what they pass on fit into 32 bits and can be
 * folded into columns 0 … 8 by 2^261 ≡ 1216; then from column 0 upwards, where the last carry is so small (< 2^15) that a
 * 16-bit multiplication folds it and limb 0 needs no further carry.
 *
 * If `scaled` is not 0, it is multiplied by the element of `table` as well (`multiplyAndScale`): two thirds beside the
 * products of vectors, the rest beside the second chain, where V8 leaves it and the processor has room for it.
 *
 * @bounds in: columns < 2^64 - 2^43, c16 < 2^61 - 2^35; out: reduced
 */
@inline
function reduce(
  out: usize,
  c0: v128, c1: v128, c2: v128, c3: v128, c4: v128, c5: v128, c6: v128, c7: v128, c8: v128,
  c9: v128, c10: v128, c11: v128, c12: v128, c13: v128, c14: v128, c15: v128, c16: v128,
  scaled: usize, table: usize,
): void {
  let s0: u64 = 0, s1: u64 = 0, s2: u64 = 0, s3: u64 = 0, s4: u64 = 0, s5: u64 = 0, s6: u64 = 0, s7: u64 = 0, s8: u64 = 0;
  let t0: u64 = 0, t1: u64 = 0, t2: u64 = 0, t3: u64 = 0, t4: u64 = 0, t5: u64 = 0, t6: u64 = 0, t7: u64 = 0, t8: u64 = 0;
  if (scaled != 0) {
    s0 = limb(scaled, 0);
    s1 = limb(scaled, 1);
    s2 = limb(scaled, 2);
    s3 = limb(scaled, 3);
    s4 = limb(scaled, 4);
    s5 = limb(scaled, 5);
    s6 = limb(scaled, 6);
    s7 = limb(scaled, 7);
    s8 = limb(scaled, 8);
    t0 = scaledColumn(table, 0, 0, s0, s1, s2, s3, s4, s5, s6, s7, s8);
    t1 = scaledColumn(table, 1, passedOn(t0), s0, s1, s2, s3, s4, s5, s6, s7, s8);
    t2 = scaledColumn(table, 2, passedOn(t1), s0, s1, s2, s3, s4, s5, s6, s7, s8);
    storeColumn(scaled, 2, t2);
    t3 = scaledColumn(table, 3, passedOn(t2), s0, s1, s2, s3, s4, s5, s6, s7, s8);
    storeColumn(scaled, 3, t3);
    t4 = scaledColumn(table, 4, passedOn(t3), s0, s1, s2, s3, s4, s5, s6, s7, s8);
    storeColumn(scaled, 4, t4);
    t5 = scaledColumn(table, 5, passedOn(t4), s0, s1, s2, s3, s4, s5, s6, s7, s8);
    storeColumn(scaled, 5, t5);
  }

  const limbs = limbMask();
  const columns = columnMask();
  const fold = foldFactor();

  // Column 8 and all above it, until column 17 is left over.
  c9 = i64x2.add(c9, carryOf(c8));
  c10 = i64x2.add(c10, carryOf(c9));
  c11 = i64x2.add(c11, carryOf(c10));
  c12 = i64x2.add(c12, carryOf(c11));
  c13 = i64x2.add(c13, carryOf(c12));
  c14 = i64x2.add(c14, carryOf(c13));
  c15 = i64x2.add(c15, carryOf(c14));
  c16 = i64x2.add(c16, carryOf(c15));
  const c17 = carryOf(c16);

  // Columns 9 … 17 times 1216 into columns 0 … 8.
  const high0 = v128.and(pack(c9, c10), limbs);
  const high2 = v128.and(pack(c11, c12), limbs);
  const high4 = v128.and(pack(c13, c14), limbs);
  const high6 = v128.and(pack(c15, c16), limbs);
  c0 = i64x2.add(c0, i64x2.extmul_low_i32x4_u(high0, fold));
  c1 = i64x2.add(c1, i64x2.extmul_high_i32x4_u(high0, fold));
  c2 = i64x2.add(c2, i64x2.extmul_low_i32x4_u(high2, fold));
  c3 = i64x2.add(c3, i64x2.extmul_high_i32x4_u(high2, fold));
  c4 = i64x2.add(c4, i64x2.extmul_low_i32x4_u(high4, fold));
  c5 = i64x2.add(c5, i64x2.extmul_high_i32x4_u(high4, fold));
  c6 = i64x2.add(c6, i64x2.extmul_low_i32x4_u(high6, fold));
  c7 = i64x2.add(c7, i64x2.extmul_high_i32x4_u(high6, fold));
  c8 = i64x2.add(v128.and(c8, columns), i64x2.extmul_low_i32x4_u(pack(c17, c17), fold));

  if (scaled != 0) {
    t6 = scaledColumn(table, 6, passedOn(t5), s0, s1, s2, s3, s4, s5, s6, s7, s8);
    storeColumn(scaled, 6, t6);
    t7 = scaledColumn(table, 7, passedOn(t6), s0, s1, s2, s3, s4, s5, s6, s7, s8);
    storeColumn(scaled, 7, t7);
    t8 = scaledColumn(table, 8, passedOn(t7), s0, s1, s2, s3, s4, s5, s6, s7, s8);
    storeColumn(scaled, 8, t8);
    storeFolded(scaled, t0, t1, t8);
  }

  // Columns 0 … 8, and what is left over of them into column 0.
  c1 = i64x2.add(c1, carryOf(c0));
  c2 = i64x2.add(c2, carryOf(c1));
  c3 = i64x2.add(c3, carryOf(c2));
  c4 = i64x2.add(c4, carryOf(c3));
  c5 = i64x2.add(c5, carryOf(c4));
  c6 = i64x2.add(c6, carryOf(c5));
  c7 = i64x2.add(c7, carryOf(c6));
  c8 = i64x2.add(c8, carryOf(c7));
  const wrapped = i32x4.dot_i16x8_s(carryOf(c8), fold);
  c0 = i64x2.add(v128.and(c0, columns), wrapped);

  v128.store(out, pack(c0, v128.and(c5, columns)));
  v128.store(out, v128.and(pack(c1, c6), limbs), 16);
  v128.store(out, v128.and(pack(c2, c7), limbs), 32);
  v128.store(out, v128.and(pack(c3, c8), limbs), 48);
  v128.store(out, v128.and(pack(c4, i64x2.splat(0)), limbs), 64);
}

/**
 * out = a · b, in both lanes.
 *
 * @bounds in: a < 2^30 + 2^25, b < 2^30 + 2^29 + 2^24; out: < 2^29 + 2^24
 */
export function multiply(out: usize, a: usize, b: usize): void {
  multiplyBeside(out, a, b, 0, 0);
}

/**
 * out = a · b, in both lanes, and at the same time lane 0 of `scaled` times the element of which `table` is
 * (`prepareMultiples`), in its place. Nothing may overlap but `out`, a and b.
 *
 * @bounds in: those of `multiply`, and reduced; out: reduced
 */
export function multiplyAndScale(out: usize, a: usize, b: usize, scaled: usize, table: usize): void {
  multiplyBeside(out, a, b, scaled, table);
}

/**
 * `multiply`, and `multiplyAndScale` if `scaled` is not 0 (known when compiling).
 *
 * Karatsuba's method on three blocks of three limbs, a = A0 + A1·2^87 + A2·2^174: six products of blocks instead of nine,
 * since Ai·Bj + Aj·Bi = (Ai + Aj)·(Bi + Bj) - Ai·Bi - Aj·Bj. It saves a sixth of the time. The sums of limbs stay below
 * 2^32; the product of two such sums may exceed 64 bits, but its difference is one of columns that do not, so that
 * counting modulo 2^64 gives it exactly.
 */
@inline
function multiplyBeside(out: usize, a: usize, b: usize, scaled: usize, table: usize): void {
  const a0 = v128.load64_zero(a);
  const a1 = v128.load64_zero(a, 16);
  const a2 = v128.load64_zero(a, 32);
  const a3 = v128.load64_zero(a, 48);
  const a4 = v128.load64_zero(a, 64);
  const a5 = v128.load64_zero(a, 8);
  const a6 = v128.load64_zero(a, 24);
  const a7 = v128.load64_zero(a, 40);
  const a8 = v128.load64_zero(a, 56);
  const b0 = v128.load64_zero(b);
  const b1 = v128.load64_zero(b, 16);
  const b2 = v128.load64_zero(b, 32);
  const b3 = v128.load64_zero(b, 48);
  const b4 = v128.load64_zero(b, 64);
  const b5 = v128.load64_zero(b, 8);
  const b6 = v128.load64_zero(b, 24);
  const b7 = v128.load64_zero(b, 40);
  const b8 = v128.load64_zero(b, 56);

  // A0·B0, A1·B1, A2·B2
  const p0 = product(a0, b0);
  const p1 = plus(product(a0, b1), a1, b0);
  const p2 = plus(plus(product(a0, b2), a1, b1), a2, b0);
  const p3 = plus(product(a1, b2), a2, b1);
  const p4 = product(a2, b2);

  const q0 = product(a3, b3);
  const q1 = plus(product(a3, b4), a4, b3);
  const q2 = plus(plus(product(a3, b5), a4, b4), a5, b3);
  const q3 = plus(product(a4, b5), a5, b4);
  const q4 = product(a5, b5);

  const r0 = product(a6, b6);
  const r1 = plus(product(a6, b7), a7, b6);
  const r2 = plus(plus(product(a6, b8), a7, b7), a8, b6);
  const r3 = plus(product(a7, b8), a8, b7);
  const r4 = product(a8, b8);

  // x = A0·B1 + A1·B0
  const d0 = i32x4.add(a0, a3);
  const d1 = i32x4.add(a1, a4);
  const d2 = i32x4.add(a2, a5);
  const e0 = i32x4.add(b0, b3);
  const e1 = i32x4.add(b1, b4);
  const e2 = i32x4.add(b2, b5);
  const x0 = i64x2.sub(product(d0, e0), i64x2.add(p0, q0));
  const x1 = i64x2.sub(plus(product(d0, e1), d1, e0), i64x2.add(p1, q1));
  const x2 = i64x2.sub(plus(plus(product(d0, e2), d1, e1), d2, e0), i64x2.add(p2, q2));
  const x3 = i64x2.sub(plus(product(d1, e2), d2, e1), i64x2.add(p3, q3));
  const x4 = i64x2.sub(product(d2, e2), i64x2.add(p4, q4));

  // y = A0·B2 + A1·B1 + A2·B0
  const f0 = i32x4.add(a0, a6);
  const f1 = i32x4.add(a1, a7);
  const f2 = i32x4.add(a2, a8);
  const g0 = i32x4.add(b0, b6);
  const g1 = i32x4.add(b1, b7);
  const g2 = i32x4.add(b2, b8);
  const y0 = i64x2.add(i64x2.sub(product(f0, g0), i64x2.add(p0, r0)), q0);
  const y1 = i64x2.add(i64x2.sub(plus(product(f0, g1), f1, g0), i64x2.add(p1, r1)), q1);
  const y2 = i64x2.add(i64x2.sub(plus(plus(product(f0, g2), f1, g1), f2, g0), i64x2.add(p2, r2)), q2);
  const y3 = i64x2.add(i64x2.sub(plus(product(f1, g2), f2, g1), i64x2.add(p3, r3)), q3);
  const y4 = i64x2.add(i64x2.sub(product(f2, g2), i64x2.add(p4, r4)), q4);

  // z = A1·B2 + A2·B1
  const h0 = i32x4.add(a3, a6);
  const h1 = i32x4.add(a4, a7);
  const h2 = i32x4.add(a5, a8);
  const j0 = i32x4.add(b3, b6);
  const j1 = i32x4.add(b4, b7);
  const j2 = i32x4.add(b5, b8);
  const z0 = i64x2.sub(product(h0, j0), i64x2.add(q0, r0));
  const z1 = i64x2.sub(plus(product(h0, j1), h1, j0), i64x2.add(q1, r1));
  const z2 = i64x2.sub(plus(plus(product(h0, j2), h1, j1), h2, j0), i64x2.add(q2, r2));
  const z3 = i64x2.sub(plus(product(h1, j2), h2, j1), i64x2.add(q3, r3));
  const z4 = i64x2.sub(product(h2, j2), i64x2.add(q4, r4));
  reduce(
    out,
    p0, p1, p2,
    i64x2.add(p3, x0), i64x2.add(p4, x1), x2,
    i64x2.add(x3, y0), i64x2.add(x4, y1), y2,
    i64x2.add(y3, z0), i64x2.add(y4, z1), z2,
    i64x2.add(z3, r0), i64x2.add(z4, r1), r2,
    r3, r4,
    scaled, table,
  );
}

/**
 * out = a², in both lanes. Larger limbs than stated are fine beside smaller ones: `x25519-ladder.ts` squares differences
 * after carrying half of their limbs.
 *
 * @bounds in: a < 2^30 + 2^25; out: < 2^29 + 2^24
 */
export function square(out: usize, a: usize): void {
  const a0 = v128.load64_zero(a);
  const a1 = v128.load64_zero(a, 16);
  const a2 = v128.load64_zero(a, 32);
  const a3 = v128.load64_zero(a, 48);
  const a4 = v128.load64_zero(a, 64);
  const a5 = v128.load64_zero(a, 8);
  const a6 = v128.load64_zero(a, 24);
  const a7 = v128.load64_zero(a, 40);
  const a8 = v128.load64_zero(a, 56);
  const d0 = i32x4.add(a0, a0);
  const d1 = i32x4.add(a1, a1);
  const d2 = i32x4.add(a2, a2);
  const d3 = i32x4.add(a3, a3);
  const d4 = i32x4.add(a4, a4);
  const d5 = i32x4.add(a5, a5);
  const d6 = i32x4.add(a6, a6);
  const d7 = i32x4.add(a7, a7);
  const c0 = product(a0, a0);
  const c1 = product(d0, a1);
  const c2 = plus(product(d0, a2), a1, a1);
  const c3 = plus(product(d0, a3), d1, a2);
  const c4 = plus(plus(product(d0, a4), d1, a3), a2, a2);
  const c5 = plus(plus(product(d0, a5), d1, a4), d2, a3);
  const c6 = plus(plus(plus(product(d0, a6), d1, a5), d2, a4), a3, a3);
  const c7 = plus(plus(plus(product(d0, a7), d1, a6), d2, a5), d3, a4);
  const c8 = plus(plus(plus(plus(product(d0, a8), d1, a7), d2, a6), d3, a5), a4, a4);
  const c9 = plus(plus(plus(product(d1, a8), d2, a7), d3, a6), d4, a5);
  const c10 = plus(plus(plus(product(d2, a8), d3, a7), d4, a6), a5, a5);
  const c11 = plus(plus(product(d3, a8), d4, a7), d5, a6);
  const c12 = plus(plus(product(d4, a8), d5, a7), a6, a6);
  const c13 = plus(product(d5, a8), d6, a7);
  const c14 = plus(product(d6, a8), a7, a7);
  const c15 = product(d7, a8);
  const c16 = product(a8, a8);
  reduce(out, c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13, c14, c15, c16, 0, 0);
}

/**
 * out = a^(2^count), count ≥ 1 (public), in both lanes.
 *
 * @bounds in: a < 2^30 + 2^25; out: < 2^29 + 2^24
 */
export function squareTimes(out: usize, a: usize, count: i32): void {
  square(out, a);
  for (let i = 1; i < count; i++) square(out, out);
}
