/**
 * Poly1305 (RFC 8439 §2.5): h = (h + block)·r modulo p = 2^130 − 5, in five limbs of 26 bits.
 *
 * Short runs go block by block in 64-bit integers. Groups of four blocks go side by side in vectors, where lanes 0 and 1
 * also carry the two halves of the accumulator: with b_0 … b_3 the blocks of a group,
 *
 *     (h_0, h_1)  becomes  ((h_0 + b_0)·r⁴ + b_2·r²,  (h_1 + b_1)·r⁴ + b_3·r²),
 *
 * and in the last group the factors are (r⁴, r³, r², r), after which h = h_0 + h_1.
 *
 * Bounds: every stored limb is below 2^26 + 2^10, so that with a block added it is below 2^27.1; limbs of r and its powers
 * stay below 2^26.1 and five times them below 2^28.5. A column sums five products, in the vectors twice five:
 * 10 · 2^27.1 · 2^28.5 < 2^59.
 *
 * @module
 */
import { copyBytes, wipe128, wipe256, wipe64 } from './memory';

/** Everything of one message; all of it is secret. The parts are named below. */
const POLY: usize = memory.data(448, 16);

/** Accumulator: five 32-bit limbs. */
const H: usize = POLY;
/** Multiplier: five 32-bit limbs. */
const R: usize = POLY + 32;
/** Whether the factors below are made. */
const FACTORS_READY: usize = POLY + 60;
/** The 16 bytes added in the end. */
const S: usize = POLY + 64;
/** A last block that is shorter than 16 bytes. */
const PARTIAL: usize = POLY + 80;
/** Five vectors of limbs, then five times limbs 1 to 4: factors (r⁴, r⁴, r², r²). */
const GROUP_FACTORS: usize = POLY + 128;
/** The same for the last group: factors (r⁴, r³, r², r). */
const LAST_FACTORS: usize = GROUP_FACTORS + 160;

/** Constants of the vector code. V8 would build a literal vector anew at each use. */
const VECTOR_LIMB: usize = memory.data<u64>([0x3ffffff, 0x3ffffff], 16);
const VECTOR_LIMB_32: usize = memory.data<u32>([0x3ffffff, 0x3ffffff, 0x3ffffff, 0x3ffffff], 16);
const VECTOR_WHOLE_BLOCK: usize = memory.data<u32>([0x1000000, 0x1000000, 0x1000000, 0x1000000], 16);

const LIMB: u64 = 0x3ffffff;

/** 2^128 as seen from limb 4: what a block of sixteen bytes carries above them. */
export const WHOLE_BLOCK: u64 = 1 << 24;

/** Below this length the powers of r cost more than they save. */
const GROUPS_FROM: usize = 1024;

/** Takes the 32-byte one-time key; r is clamped (RFC 8439 §2.5.1). */
export function poly1305Start(key: usize): void {
  const low = load<u64>(key) & 0x0ffffffc0fffffff;
  const high = load<u64>(key, 8) & 0x0ffffffc0ffffffc;
  store<u32>(R, (low & LIMB) as u32);
  store<u32>(R, ((low >> 26) & LIMB) as u32, 4);
  store<u32>(R, (((low >> 52) | (high << 12)) & LIMB) as u32, 8);
  store<u32>(R, ((high >> 14) & LIMB) as u32, 12);
  store<u32>(R, (high >> 40) as u32, 16);
  v128.store(S, v128.load(key, 16));
}

/** Takes in `length` bytes and fills the last block up with zeros, as the AEAD does (RFC 8439 §2.8). */
export function poly1305Padded(address: usize, length: usize): void {
  if (length >= GROUPS_FROM) {
    const grouped = length & ~63;
    absorbGroups(address, grouped);
    address += grouped;
    length -= grouped;
  }
  const blocks = length >> 4;
  poly1305Blocks(address, blocks, WHOLE_BLOCK);
  const rest = length & 15;
  if (rest != 0) {
    v128.store(PARTIAL, i64x2.splat(0));
    copyBytes(PARTIAL, address + (blocks << 4), rest);
    poly1305Blocks(PARTIAL, 1, WHOLE_BLOCK);
  }
}

/** Takes in `count` blocks of sixteen bytes; `top` is what each has in limb 4 above them. */
export function poly1305Blocks(address: usize, count: usize, top: u64): void {
  const r0: u64 = load<u32>(R);
  const r1: u64 = load<u32>(R, 4);
  const r2: u64 = load<u32>(R, 8);
  const r3: u64 = load<u32>(R, 12);
  const r4: u64 = load<u32>(R, 16);
  const s1 = r1 * 5;
  const s2 = r2 * 5;
  const s3 = r3 * 5;
  const s4 = r4 * 5;
  let h0: u64 = load<u32>(H);
  let h1: u64 = load<u32>(H, 4);
  let h2: u64 = load<u32>(H, 8);
  let h3: u64 = load<u32>(H, 12);
  let h4: u64 = load<u32>(H, 16);
  for (const end = address + (count << 4); address < end; address += 16) {
    const low = load<u64>(address);
    const high = load<u64>(address, 8);
    h0 += low & LIMB;
    h1 += (low >> 26) & LIMB;
    h2 += ((low >> 52) | (high << 12)) & LIMB;
    h3 += (high >> 14) & LIMB;
    h4 += (high >> 40) | top;

    const d0 = h0 * r0 + h1 * s4 + h2 * s3 + h3 * s2 + h4 * s1;
    let d1 = h0 * r1 + h1 * r0 + h2 * s4 + h3 * s3 + h4 * s2;
    let d2 = h0 * r2 + h1 * r1 + h2 * r0 + h3 * s4 + h4 * s3;
    const d3 = h0 * r3 + h1 * r2 + h2 * r1 + h3 * r0 + h4 * s4;
    let d4 = h0 * r4 + h1 * r3 + h2 * r2 + h3 * r1 + h4 * r0;

    // Two chains at once: 0 → 1 → 2 → 3 → 4 and 3 → 4 → 0 → 1.
    d1 += d0 >> 26;
    d4 += d3 >> 26;
    d2 += d1 >> 26;
    h0 = (d0 & LIMB) + (d4 >> 26) * 5;
    h3 = (d3 & LIMB) + (d2 >> 26);
    h1 = (d1 & LIMB) + (h0 >> 26);
    h4 = (d4 & LIMB) + (h3 >> 26);
    h0 &= LIMB;
    h2 = d2 & LIMB;
    h3 &= LIMB;
  }
  storeLimbs(H, h0, h1, h2, h3, h4);
}

function storeLimbs(target: usize, l0: u64, l1: u64, l2: u64, l3: u64, l4: u64): void {
  store<u32>(target, l0 as u32);
  store<u32>(target, l1 as u32, 4);
  store<u32>(target, l2 as u32, 8);
  store<u32>(target, l3 as u32, 12);
  store<u32>(target, l4 as u32, 16);
}

/** Makes r², r³ and r⁴, each by letting an empty block multiply the accumulator by r, and spreads them out in vectors. */
function makeFactors(): void {
  const accumulator = v128.load(H);
  const limb4 = load<u32>(H, 16);
  v128.store(PARTIAL, i64x2.splat(0));
  v128.store(H, v128.load(R));
  store<u32>(H, load<u32>(R, 16), 16);
  setFactorLane(LAST_FACTORS + 12);
  for (let lane: usize = 8; ; lane -= 4) {
    poly1305Blocks(PARTIAL, 1, 0);
    setFactorLane(LAST_FACTORS + lane);
    if (lane == 8) {
      setFactorLane(GROUP_FACTORS + 8);
      setFactorLane(GROUP_FACTORS + 12);
    }
    if (lane == 0) break;
  }
  setFactorLane(GROUP_FACTORS);
  setFactorLane(GROUP_FACTORS + 4);
  v128.store(H, accumulator);
  store<u32>(H, limb4, 16);
  store<u32>(FACTORS_READY, 1);
}

/** Writes the accumulator into one lane of the nine vectors of a factor. */
function setFactorLane(lane: usize): void {
  for (let limb: usize = 0; limb < 5; limb++) {
    const value = load<u32>(H + 4 * limb);
    store<u32>(lane + 16 * limb, value);
    if (limb > 0) store<u32>(lane + 16 * (limb + 4), value * 5);
  }
}

/** Limb i of x times limb j of y, for the four lanes, the upper two added to the lower two. */
@inline
function product(x: v128, factors: usize, index: usize): v128 {
  const y = v128.load(factors + 16 * index);
  return i64x2.add(i64x2.extmul_low_i32x4_u(x, y), i64x2.extmul_high_i32x4_u(x, y));
}

@inline
function sum(a: v128, b: v128, c: v128, d: v128, e: v128): v128 {
  return i64x2.add(i64x2.add(i64x2.add(a, b), i64x2.add(c, d)), e);
}

/** From two 64-bit lanes to (lane 0, lane 1, 0, 0): the values are below 2^32. */
@inline
function narrow(x: v128): v128 {
  return v128.shuffle<u32>(x, x, 0, 2, 1, 3);
}

/** Takes in `length` bytes, a multiple of 64 and not 0. */
function absorbGroups(address: usize, length: usize): void {
  if (load<u32>(FACTORS_READY) == 0) makeFactors();
  const limb = v128.load(VECTOR_LIMB);
  const limb32 = v128.load(VECTOR_LIMB_32);
  const top = v128.load(VECTOR_WHOLE_BLOCK);
  let h0 = v128.load32_zero(H);
  let h1 = v128.load32_zero(H, 4);
  let h2 = v128.load32_zero(H, 8);
  let h3 = v128.load32_zero(H, 12);
  let h4 = v128.load32_zero(H, 16);
  const end = address + length;
  for (; address < end; address += 64) {
    const f = address + 64 == end ? LAST_FACTORS : GROUP_FACTORS;

    // Word i of the four blocks in one vector, then cut into limbs.
    const low01 = v128.shuffle<u32>(v128.load(address), v128.load(address, 16), 0, 4, 1, 5);
    const low23 = v128.shuffle<u32>(v128.load(address, 32), v128.load(address, 48), 0, 4, 1, 5);
    const high01 = v128.shuffle<u32>(v128.load(address), v128.load(address, 16), 2, 6, 3, 7);
    const high23 = v128.shuffle<u32>(v128.load(address, 32), v128.load(address, 48), 2, 6, 3, 7);
    const w0 = v128.shuffle<u64>(low01, low23, 0, 2);
    const w1 = v128.shuffle<u64>(low01, low23, 1, 3);
    const w2 = v128.shuffle<u64>(high01, high23, 0, 2);
    const w3 = v128.shuffle<u64>(high01, high23, 1, 3);
    const x0 = i32x4.add(narrow(h0), v128.and(w0, limb32));
    const x1 = i32x4.add(narrow(h1), v128.and(v128.or(i32x4.shr_u(w0, 26), i32x4.shl(w1, 6)), limb32));
    const x2 = i32x4.add(narrow(h2), v128.and(v128.or(i32x4.shr_u(w1, 20), i32x4.shl(w2, 12)), limb32));
    const x3 = i32x4.add(narrow(h3), v128.and(v128.or(i32x4.shr_u(w2, 14), i32x4.shl(w3, 18)), limb32));
    const x4 = i32x4.add(narrow(h4), v128.or(i32x4.shr_u(w3, 8), top));

    h0 = sum(product(x0, f, 0), product(x1, f, 8), product(x2, f, 7), product(x3, f, 6), product(x4, f, 5));
    h1 = sum(product(x0, f, 1), product(x1, f, 0), product(x2, f, 8), product(x3, f, 7), product(x4, f, 6));
    h2 = sum(product(x0, f, 2), product(x1, f, 1), product(x2, f, 0), product(x3, f, 8), product(x4, f, 7));
    h3 = sum(product(x0, f, 3), product(x1, f, 2), product(x2, f, 1), product(x3, f, 0), product(x4, f, 8));
    h4 = sum(product(x0, f, 4), product(x1, f, 3), product(x2, f, 2), product(x3, f, 1), product(x4, f, 0));

    // Two chains at once: 0 → 1 → 2 → 3 → 4 and 3 → 4 → 0 → 1.
    h1 = i64x2.add(h1, i64x2.shr_u(h0, 26));
    h4 = i64x2.add(h4, i64x2.shr_u(h3, 26));
    h0 = v128.and(h0, limb);
    h3 = v128.and(h3, limb);
    h2 = i64x2.add(h2, i64x2.shr_u(h1, 26));
    const around = i64x2.shr_u(h4, 26);
    h0 = i64x2.add(h0, i64x2.add(around, i64x2.shl(around, 2)));
    h1 = v128.and(h1, limb);
    h4 = v128.and(h4, limb);
    h3 = i64x2.add(h3, i64x2.shr_u(h2, 26));
    h1 = i64x2.add(h1, i64x2.shr_u(h0, 26));
    h2 = v128.and(h2, limb);
    h0 = v128.and(h0, limb);
    h4 = i64x2.add(h4, i64x2.shr_u(h3, 26));
    h3 = v128.and(h3, limb);
  }
  storeCarried(H, addLanes(h0), addLanes(h1), addLanes(h2), addLanes(h3), addLanes(h4));
}

@inline
function addLanes(x: v128): u64 {
  return i64x2.extract_lane(x, 0) + i64x2.extract_lane(x, 1);
}

/** Stores limbs below 2^32, carried once around: limbs 1 to 4 come out below 2^26 and limb 0 below 2^26 + 2^9. */
function storeCarried(target: usize, l0: u64, l1: u64, l2: u64, l3: u64, l4: u64): void {
  l1 += l0 >> 26;
  l2 += l1 >> 26;
  l3 += l2 >> 26;
  l4 += l3 >> 26;
  storeLimbs(target, (l0 & LIMB) + (l4 >> 26) * 5, l1 & LIMB, l2 & LIMB, l3 & LIMB, l4 & LIMB);
}

/** Writes the 16-byte tag: (h mod p) + s modulo 2^128. */
export function poly1305Finish(tag: usize): void {
  // The second time around the value is below 2^130 and every limb below 2^26.
  for (let i = 0; i < 2; i++) {
    storeCarried(H, load<u32>(H), load<u32>(H, 4), load<u32>(H, 8), load<u32>(H, 12), load<u32>(H, 16));
  }
  const h0: u64 = load<u32>(H);
  const h1: u64 = load<u32>(H, 4);
  const h2: u64 = load<u32>(H, 8);
  const h3: u64 = load<u32>(H, 12);
  const h4: u64 = load<u32>(H, 16);
  // h + 5 reaches 2^130 exactly if h ≥ p, and its lower 130 bits are then h − p.
  const wraps = (((((((((h0 + 5) >> 26) + h1) >> 26) + h2) >> 26) + h3) >> 26) + h4) >> 26;
  let low = h0 | (h1 << 26) | (h2 << 52);
  let high = (h2 >> 12) | (h3 << 14) | (h4 << 40);
  low += wraps * 5;
  high += u64(low < wraps * 5);
  const sumLow = low + load<u64>(S);
  store<u64>(tag, sumLow);
  store<u64>(tag, high + load<u64>(S, 8) + u64(sumLow < low), 8);
}

/** Wipes the key, its powers and the accumulator; the next message starts from zero. */
export function poly1305Wipe(): void {
  if (load<u32>(FACTORS_READY) != 0) {
    wipe256(GROUP_FACTORS);
    wipe64(GROUP_FACTORS + 256);
  }
  wipe128(POLY);
}
