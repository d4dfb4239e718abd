/**
 * Poly1305 (RFC 8439 §2.5): h = (h + block)·r modulo p = 2^130 − 5.
 *
 * Short runs go block by block in 64-bit integers, with five limbs of 26 bits. Long ones take four blocks at a time, each
 * in a lane of its own, whose accumulator is multiplied by r⁴; in the end h = ((a_0·r + a_1)·r + a_2)·r + a_3)·r. There a
 * number has ten digits of 13 bits, two of them, i and i + 5, in the halves of a 32-bit lane: `i32x4.dot_i16x8_s` is then
 * one instruction of the processor for two products and their sum, where V8 makes three of a product of 26-bit limbs, and a
 * group of four blocks costs a fifth less.
 *
 * Bounds, 26-bit limbs: every stored limb is below 2^26 + 2^10, so that with a block, or a lane, added it is below 2^28;
 * limbs of r and its powers stay below 2^26.1 and five times them below 2^28.5. A column sums five products:
 * 5 · 2^28 · 2^28.5 < 2^59.
 *
 * Bounds, digits: those of the accumulators are from 0 to 2^13, some from −26 to 2^13 + 26; those of r⁴ are balanced, from
 * −4096 to 4101, so that five times one fits 16 bits with its sign. A column sums ten products, of which up to nine have
 * the factor 5, and 26 bits of a block: 46 · 8218 · 4101 + 2^26 < 2^31.
 *
 * @module
 */
import { copyBytes, wipe128, wipe256 } from './memory';

/** Everything of one message; all of it is secret. The parts are named below. */
const POLY: usize = memory.data(512, 16);

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
/** The digits of r⁴, in pairs, as `makeFactors` lays them out: fourteen vectors. */
const FACTORS: usize = POLY + 128;
/** The accumulators of the four lanes: ten vectors of digits, not carried yet; in the end five of 26-bit limbs. */
const LANES: usize = FACTORS + 224;

/** Constants of the vector code. V8 would build a literal vector anew at each use. */
const VECTOR_LIMB: usize = memory.data<u32>([0x3ffffff, 0x3ffffff, 0x3ffffff, 0x3ffffff], 16);
const VECTOR_LOWEST_LIMB_OF_P: usize = memory.data<u32>([0x3fffffb, 0x3fffffb, 0x3fffffb, 0x3fffffb], 16);
const VECTOR_DIGIT: usize = memory.data<u32>([0x1fff, 0x1fff, 0x1fff, 0x1fff], 16);
const VECTOR_LOWER_HALF: usize = memory.data<u32>([0xffff, 0xffff, 0xffff, 0xffff], 16);
const VECTOR_WHOLE_BLOCK: usize = memory.data<u32>([0x1000000, 0x1000000, 0x1000000, 0x1000000], 16);

const LIMB: u64 = 0x3ffffff;

/** 2^128 as seen from limb 4: what a block of sixteen bytes carries above them. */
export const WHOLE_BLOCK: u64 = 1 << 24;

/** Half the span of a digit: what is added to make digits unsigned, and taken away again. */
const HALF_DIGIT: i32 = 4096;

/** Below this length r⁴ costs more than it saves. */
const GROUPS_FROM: usize = 640;

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
  if (blocks != 0) poly1305Blocks(address, blocks, WHOLE_BLOCK);
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

@inline
function storeLimbs(target: usize, l0: u64, l1: u64, l2: u64, l3: u64, l4: u64): void {
  store<u32>(target, l0 as u32);
  store<u32>(target, l1 as u32, 4);
  store<u32>(target, l2 as u32, 8);
  store<u32>(target, l3 as u32, 12);
  store<u32>(target, l4 as u32, 16);
}

/** Multiplies the accumulator by r, with an empty block. */
function multiplyByR(): void {
  v128.store(PARTIAL, i64x2.splat(0));
  poly1305Blocks(PARTIAL, 1, 0);
}

/** Makes r⁴ and writes the factors that a product with it takes. */
function makeFactors(): void {
  const h0: u64 = load<u32>(H);
  const h1: u64 = load<u32>(H, 4);
  const h2: u64 = load<u32>(H, 8);
  const h3: u64 = load<u32>(H, 12);
  const h4: u64 = load<u32>(H, 16);
  storeLimbs(H, load<u32>(R), load<u32>(R, 4), load<u32>(R, 8), load<u32>(R, 12), load<u32>(R, 16));
  for (let power = 2; power <= 4; power++) multiplyByR();
  addToLimbs(HALF_DIGIT + (HALF_DIGIT << 13));
  // A digit that counts for less than its place stands for 2^130, which is 5.
  for (let i = 0; i < 5; i++) {
    const low = digitOfFactor(i);
    const high = digitOfFactor(i + 5);
    storeFactor(i, low, 5 * high);
    storeFactor(i + 5, high, low);
    if (i > 0) storeFactor(i - 5, 5 * high, 5 * low);
  }
  storeLimbs(H, h0, h1, h2, h3, h4);
  store<u32>(FACTORS_READY, 1);
}

function addToLimbs(x: u64): void {
  storeCarried(H, x + load<u32>(H), x + load<u32>(H, 4), x + load<u32>(H, 8), x + load<u32>(H, 12), x + load<u32>(H, 16));
}

/** Digit i of the accumulator, which has half a digit too much everywhere. */
function digitOfFactor(i: i32): i32 {
  const limb = load<u32>(H + 4 * (i >> 1));
  return ((i & 1) == 0 ? limb & 0x1fff : limb >> 13) - HALF_DIGIT;
}

/** Stores what carries a pair of digits i and i + 5 over by `distance` places. */
function storeFactor(distance: i32, forLower: i32, forUpper: i32): void {
  v128.store(FACTORS + 16 * (distance + 4), i32x4.splat((forLower & 0xffff) | (forUpper << 16)));
}

/** What digits `i` and `i + 5` of a lane add to digit `target` of the product. */
@inline
function products(digits: v128, i: usize, target: usize): v128 {
  return i32x4.dot_i16x8_s(digits, v128.load(FACTORS + 16 * (target - i + 4)));
}

/**
 * Stores digit `target` of the product with r⁴. Were it kept in a variable, the compiler would also load each factor only
 * once and keep it: with more variables than the processor has registers, all of them would go to memory and back.
 */
@inline
function storeColumn(target: usize, x0: v128, x1: v128, x2: v128, x3: v128, x4: v128): void {
  const x01 = i32x4.add(products(x0, 0, target), products(x1, 1, target));
  const x23 = i32x4.add(products(x2, 2, target), products(x3, 3, target));
  v128.store(LANES + 16 * target, i32x4.add(i32x4.add(x01, x23), products(x4, 4, target)));
}

@inline
function laneDigit(i: usize): v128 {
  return v128.load(LANES + 16 * i);
}

/** Two digits in the halves of each lane; the lower one is not negative. */
@inline
function halves(lower: v128, upper: v128): v128 {
  return v128.or(lower, i32x4.shl(upper, 16));
}

@inline
function addCarry(x: v128, from: v128): v128 {
  return i32x4.add(x, i32x4.shr_s(from, 13));
}

/** Takes in `length` bytes, a multiple of 64 and not 0. */
function absorbGroups(address: usize, length: usize): void {
  if (load<u32>(FACTORS_READY) == 0) makeFactors();
  const limb = v128.load(VECTOR_LIMB);
  const digit = v128.load(VECTOR_DIGIT);
  const top = v128.load(VECTOR_WHOLE_BLOCK);
  loadFirstLane();
  const end = address + length;
  while (true) {
    // Word i of the four blocks in one vector, then cut into limbs, each added at the lower of its two digits.
    const low01 = v128.shuffle<u32>(v128.load(address), v128.load(address, 16), 0, 4, 1, 5);
    const low23 = v128.shuffle<u32>(v128.load(address, 32), v128.load(address, 48), 0, 4, 1, 5);
    const high01 = v128.shuffle<u32>(v128.load(address), v128.load(address, 16), 2, 6, 3, 7);
    const high23 = v128.shuffle<u32>(v128.load(address, 32), v128.load(address, 48), 2, 6, 3, 7);
    const w0 = v128.shuffle<u64>(low01, low23, 0, 2);
    const w1 = v128.shuffle<u64>(low01, low23, 1, 3);
    const w2 = v128.shuffle<u64>(high01, high23, 0, 2);
    const w3 = v128.shuffle<u64>(high01, high23, 1, 3);
    let d0 = i32x4.add(laneDigit(0), v128.and(w0, limb));
    let d2 = i32x4.add(laneDigit(2), v128.and(v128.or(i32x4.shr_u(w0, 26), i32x4.shl(w1, 6)), limb));
    let d4 = i32x4.add(laneDigit(4), v128.and(v128.or(i32x4.shr_u(w1, 20), i32x4.shl(w2, 12)), limb));
    let d6 = i32x4.add(laneDigit(6), v128.and(v128.or(i32x4.shr_u(w2, 14), i32x4.shl(w3, 18)), limb));
    let d8 = i32x4.add(laneDigit(8), v128.or(i32x4.shr_u(w3, 8), top));

    // Two chains at once: 0 → 1 → 2 → 3 → 4 → 5 → 6 and 5 → 6 → 7 → 8 → 9 → 0 → 1.
    let d5 = laneDigit(5);
    let d1 = addCarry(laneDigit(1), d0);
    d6 = addCarry(d6, d5);
    d0 = v128.and(d0, digit);
    d5 = v128.and(d5, digit);
    d2 = addCarry(d2, d1);
    let d7 = addCarry(laneDigit(7), d6);
    d1 = v128.and(d1, digit);
    d6 = v128.and(d6, digit);
    let d3 = addCarry(laneDigit(3), d2);
    d8 = addCarry(d8, d7);
    d2 = v128.and(d2, digit);
    d7 = v128.and(d7, digit);
    d4 = addCarry(d4, d3);
    let d9 = addCarry(laneDigit(9), d8);
    d3 = v128.and(d3, digit);
    d8 = v128.and(d8, digit);
    d5 = addCarry(d5, d4);
    const around = i32x4.shr_s(d9, 13);
    d0 = i32x4.add(d0, i32x4.add(around, i32x4.shl(around, 2)));
    d4 = v128.and(d4, digit);
    d9 = v128.and(d9, digit);
    d6 = addCarry(d6, d5);
    d1 = addCarry(d1, d0);
    d5 = v128.and(d5, digit);
    d0 = v128.and(d0, digit);
    address += 64;
    if (address == end) {
      // With p added no limb is negative.
      storeLanes(0, v128.load(VECTOR_LOWEST_LIMB_OF_P), d0, d1);
      storeLanes(16, limb, d2, d3);
      storeLanes(32, limb, d4, d5);
      storeLanes(48, limb, d6, d7);
      storeLanes(64, limb, d8, d9);
      break;
    }

    const x0 = halves(d0, d5);
    const x1 = halves(v128.and(d1, v128.load(VECTOR_LOWER_HALF)), d6);
    const x2 = halves(d2, d7);
    const x3 = halves(d3, d8);
    const x4 = halves(d4, d9);
    storeColumn(0, x0, x1, x2, x3, x4);
    storeColumn(1, x0, x1, x2, x3, x4);
    storeColumn(2, x0, x1, x2, x3, x4);
    storeColumn(3, x0, x1, x2, x3, x4);
    storeColumn(4, x0, x1, x2, x3, x4);
    storeColumn(5, x0, x1, x2, x3, x4);
    storeColumn(6, x0, x1, x2, x3, x4);
    storeColumn(7, x0, x1, x2, x3, x4);
    storeColumn(8, x0, x1, x2, x3, x4);
    storeColumn(9, x0, x1, x2, x3, x4);
  }
  joinLanes();
}

/** Makes the accumulator that of the first lane, with a limb at the lower of its two digits, and the others zero. */
function loadFirstLane(): void {
  for (let limb: usize = 0; limb < 5; limb++) {
    v128.store(LANES + 32 * limb, v128.load32_zero(H + 4 * limb));
    v128.store(LANES + 32 * limb, i64x2.splat(0), 16);
  }
}

/** Stores a limb of the four accumulators, made of two digits, with a limb of p added. */
@inline
function storeLanes(offset: usize, p: v128, lower: v128, upper: v128): void {
  v128.store(LANES + offset, i32x4.add(i32x4.add(p, lower), i32x4.shl(upper, 13)));
}

/** Makes one accumulator of the four. */
function joinLanes(): void {
  storeLimbs(H, 0, 0, 0, 0, 0);
  for (let lane = LANES; lane < LANES + 16; lane += 4) {
    for (let limb: usize = 0; limb < 5; limb++) {
      store<u32>(H + 4 * limb, load<u32>(H + 4 * limb) + load<u32>(lane + 16 * limb));
    }
    multiplyByR();
  }
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

/** Wipes the key, what was made from it and the accumulator; the next message starts from zero. */
export function poly1305Wipe(): void {
  if (load<u32>(FACTORS_READY) != 0) {
    wipe256(FACTORS);
    wipe128(FACTORS + 256);
  }
  wipe128(POLY);
}
