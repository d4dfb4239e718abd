/**
 * What is linear modulo 2^255 - 19: sums, differences, carries, constant-time selection and moves between the lanes of
 * pairs. Representation and the meaning of the bounds: see `field25519.ts`.
 *
 * @module
 */
import { PAIR } from './field25519';

/** 128 p in limbs that exceed every reduced limb, laid out as a pair of twice the same element. */
export const BIAS: usize = memory.data<u32>(
  [
    0x3ffff680,
    0x3ffff680,
    0x3ffffffe,
    0x3ffffffe, //
    0x3ffffffe,
    0x3ffffffe,
    0x3ffffffe,
    0x3ffffffe, //
    0x3ffffffe,
    0x3ffffffe,
    0x3ffffffe,
    0x3ffffffe, //
    0x3ffffffe,
    0x3ffffffe,
    0x3ffffffe,
    0x3ffffffe, //
    0x3ffffffe,
    0x3ffffffe,
    0x00000000,
    0x00000000,
  ],
  16,
);

const CARRY: usize = memory.data<u32>(
  [
    0x1fffffff, 0x1fffffff, 0x1fffffff, 0x1fffffff, // the 29 bits that stay in a limb
    1216, 1216, 1, 1, // what the carries of limbs 8 and 4 count in limbs 0 and 5
    0x1fffffff, 0x00000000, 0x1fffffff, 0x00000000, // the 29 bits that stay in a column of 64 bits
    1216, 1216, 1216, 1216, // 2^261 mod p
  ],
  16,
);

/**
 * out = a + b, in both lanes.
 *
 * @bounds in: a, b < 2^29 + 2^24; out: < 2^30 + 2^25
 */
export function add(out: usize, a: usize, b: usize): void {
  for (let k: usize = 0; k < PAIR; k += 16) {
    v128.store(out + k, i32x4.add(v128.load(a + k), v128.load(b + k)));
  }
}

/**
 * out = a - b, in both lanes.
 *
 * @bounds in: a, b < 2^29 + 2^24; out: < 2^30 + 2^29 + 2^24
 */
export function subtract(out: usize, a: usize, b: usize): void {
  for (let k: usize = 0; k < PAIR; k += 16) {
    const raised = i32x4.add(v128.load(a + k), v128.load(BIAS + k));
    v128.store(out + k, i32x4.sub(raised, v128.load(b + k)));
  }
}

/**
 * out = a with all limbs reduced, in both lanes: one carry for each limb, all at once.
 *
 * @bounds in: a < 2^32; out: < 2^29 + 2^14
 */
export function carry(out: usize, a: usize): void {
  const limbs = v128.load(CARRY);
  const a0 = v128.load(a);
  const a1 = v128.load(a, 16);
  const a2 = v128.load(a, 32);
  const a3 = v128.load(a, 48);
  const a4 = v128.load(a, 64);
  const over3 = i32x4.shr_u(a3, 29);
  // Limb 8 stands above limb 3 and passes on to limb 0; limb 4 passes on to limb 5, above limb 0.
  const over84 = v128.shuffle<u32>(over3, i32x4.shr_u(a4, 29), 2, 3, 4, 5);
  const over30 = v128.shuffle<u32>(over3, i32x4.splat(0), 0, 1, 4, 5);
  v128.store(out, i32x4.add(v128.and(a0, limbs), i32x4.dot_i16x8_s(over84, v128.load(CARRY, 16))));
  v128.store(out, i32x4.add(v128.and(a1, limbs), i32x4.shr_u(a0, 29)), 16);
  v128.store(out, i32x4.add(v128.and(a2, limbs), i32x4.shr_u(a1, 29)), 32);
  v128.store(out, i32x4.add(v128.and(a3, limbs), i32x4.shr_u(a2, 29)), 48);
  v128.store(out, i32x4.add(v128.and(a4, limbs), over30), 64);
}

/**
 * out = a · factor, in both lanes, for a public factor below 2^17.
 *
 * @bounds in: a < 2^31; out: < 2^29 + 2^14
 */
export function multiplySmall(out: usize, a: usize, factor: u32): void {
  const limbs = v128.load(CARRY);
  const columns = v128.load(CARRY, 32);
  const factors = i32x4.splat(factor);
  const a0 = v128.load(a);
  const a1 = v128.load(a, 16);
  const a2 = v128.load(a, 32);
  const a3 = v128.load(a, 48);
  let c0 = i64x2.extmul_low_i32x4_u(a0, factors);
  let c1 = i64x2.extmul_low_i32x4_u(a1, factors);
  let c2 = i64x2.extmul_low_i32x4_u(a2, factors);
  let c3 = i64x2.extmul_low_i32x4_u(a3, factors);
  let c4 = i64x2.extmul_low_i32x4_u(v128.load(a, 64), factors);
  let c5 = i64x2.extmul_high_i32x4_u(a0, factors);
  let c6 = i64x2.extmul_high_i32x4_u(a1, factors);
  let c7 = i64x2.extmul_high_i32x4_u(a2, factors);
  let c8 = i64x2.extmul_high_i32x4_u(a3, factors);
  c1 = i64x2.add(c1, i64x2.shr_u(c0, 29));
  c2 = i64x2.add(c2, i64x2.shr_u(c1, 29));
  c3 = i64x2.add(c3, i64x2.shr_u(c2, 29));
  c4 = i64x2.add(c4, i64x2.shr_u(c3, 29));
  c5 = i64x2.add(c5, i64x2.shr_u(c4, 29));
  c6 = i64x2.add(c6, i64x2.shr_u(c5, 29));
  c7 = i64x2.add(c7, i64x2.shr_u(c6, 29));
  c8 = i64x2.add(c8, i64x2.shr_u(c7, 29));
  const c9 = i64x2.shr_u(c8, 29); // below 2^20
  const wrapped = i64x2.extmul_low_i32x4_u(v128.shuffle<u32>(c9, c9, 0, 2, 4, 6), v128.load(CARRY, 48));
  c0 = i64x2.add(v128.and(c0, columns), wrapped);
  c1 = i64x2.add(v128.and(c1, columns), i64x2.shr_u(c0, 29));
  v128.store(out, v128.and(v128.shuffle<u32>(c0, c5, 0, 2, 4, 6), limbs));
  v128.store(out, v128.shuffle<u32>(c1, v128.and(c6, columns), 0, 2, 4, 6), 16);
  v128.store(out, v128.and(v128.shuffle<u32>(c2, c7, 0, 2, 4, 6), limbs), 32);
  v128.store(out, v128.and(v128.shuffle<u32>(c3, c8, 0, 2, 4, 6), limbs), 48);
  v128.store(out, v128.and(v128.shuffle<u32>(c4, i64x2.splat(0), 0, 2, 4, 6), limbs), 64);
}

/**
 * out = (a0 + a1, a0 - a1), where a0 and a1 are the elements in the lanes of a.
 *
 * @bounds in: a < 2^29 + 2^24; out: < 2^30 + 2^29 + 2^24
 */
export function sumAndDifference(out: usize, a: usize): void {
  for (let k: usize = 0; k < PAIR; k += 16) {
    const both = v128.load(a + k);
    const swapped = v128.shuffle<u32>(both, both, 1, 0, 3, 2);
    // Lane 1 becomes a0 + 128 p - a1.
    const difference = i32x4.sub(i32x4.add(swapped, v128.load(BIAS + k)), both);
    v128.store(out + k, v128.shuffle<u32>(i32x4.add(both, swapped), difference, 0, 5, 2, 7));
  }
}

/**
 * out = (a1, a0): the lanes of a exchanged.
 *
 * @bounds in: any; out: those of a
 */
export function swapLanes(out: usize, a: usize): void {
  for (let k: usize = 0; k < PAIR; k += 16) {
    const both = v128.load(a + k);
    v128.store(out + k, v128.shuffle<u32>(both, both, 1, 0, 3, 2));
  }
}

/**
 * out = (a0, b1): lane 0 of a beside lane 1 of b.
 *
 * @bounds in: any; out: those of a and b
 */
export function combine(out: usize, a: usize, b: usize): void {
  for (let k: usize = 0; k < PAIR; k += 16) {
    v128.store(out + k, v128.shuffle<u32>(v128.load(a + k), v128.load(b + k), 0, 5, 2, 7));
  }
}

/**
 * out = a where `mask` is 0, b where it is -1 (secret), in both lanes.
 *
 * @bounds in: any; out: those of a and b
 */
export function select(out: usize, a: usize, b: usize, mask: i32): void {
  const chosen = i32x4.splat(mask);
  for (let k: usize = 0; k < PAIR; k += 16) {
    const x = v128.load(a + k);
    v128.store(out + k, v128.xor(x, v128.and(chosen, v128.xor(x, v128.load(b + k)))));
  }
}
