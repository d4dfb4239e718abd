/**
 * Scalars: integers modulo L = 2^252 + 27742317777372353535851937790883648493, the order of the base point
 * (RFC 8032 §5.1). Little-endian, 32 bytes, processed as 32-bit limbs.
 *
 * Arithmetic takes any 256-bit inputs and returns values below L, without a branch, address or division that depends on
 * a value. What leaves the scratch region dirty is wiped by `scalarWipe`. The functions under "Public scalars" are for
 * verification, where everything is public: their time varies.
 *
 * @module
 */
import { copyBytes, wipe } from './memory';

/** L, nine limbs, the last one zero. */
export const ORDER: usize = memory.data<u32>([
  0x5cf5d3ed, 0x5812631a, 0xa2f79cd6, 0x14def9de, 0x00000000, 0x00000000, 0x00000000, 0x10000000, 0x00000000,
]);

/** floor(2^512 / L), nine limbs: Barrett's constant. */
const BARRETT_FACTOR: usize = memory.data<u32>([
  0x0a2c131b, 0xed9ce5a3, 0x086329a7, 0x2106215d, 0xffffffeb, 0xffffffff, 0xffffffff, 0xffffffff, 0x0000000f,
]);

/** Scratch: a 16-limb product, an 18-limb Barrett product, a 10-limb remainder. */
const SCRATCH: usize = memory.data(64 + 72 + 40, 16);
const PRODUCT: usize = SCRATCH;
const QUOTIENT: usize = SCRATCH + 64;
const REMAINDER: usize = SCRATCH + 136;

/** Wipes what the arithmetic leaves in scratch memory. */
export function scalarWipe(): void {
  wipe(SCRATCH, 64 + 72 + 40);
}

/**
 * out = a · b for numbers of `aLimbs` and `bLimbs` limbs; out has aLimbs + bLimbs and overlaps neither.
 * Each step is at most (2^32 - 1)^2 + 2 · (2^32 - 1) = 2^64 - 1.
 */
function multiplyLimbs(out: usize, a: usize, aLimbs: usize, b: usize, bLimbs: usize): void {
  const aEnd = aLimbs << 2;
  const bEnd = bLimbs << 2;
  for (let i: usize = 0; i < aEnd; i += 4) store<u32>(out + i, 0);
  for (let j: usize = 0; j < bEnd; j += 4) {
    const factor = <u64>load<u32>(b + j);
    let carry: u64 = 0;
    for (let i: usize = 0; i < aEnd; i += 4) {
      const at = out + i + j;
      carry += <u64>load<u32>(a + i) * factor + <u64>load<u32>(at);
      store<u32>(at, <u32>carry);
      carry >>= 32;
    }
    store<u32>(out + aEnd + j, <u32>carry);
  }
}

/** out = a - b (mod 2^(32 · limbs)); returns 1 if it went below zero, else 0. `out` may be `a`. */
function subtractLimbs(out: usize, a: usize, b: usize, limbs: usize): u64 {
  let borrow: u64 = 0;
  for (let i: usize = 0; i < limbs << 2; i += 4) {
    const difference = <u64>load<u32>(a + i) - <u64>load<u32>(b + i) - borrow;
    store<u32>(out + i, <u32>difference);
    borrow = difference >> 63;
  }
  return borrow;
}

/** out += b & mask (mod 2^(32 · limbs)); mask is 0 or 2^32 - 1. Returns the carry. */
function addMasked(out: usize, b: usize, mask: u64, limbs: usize): u64 {
  let carry: u64 = 0;
  for (let i: usize = 0; i < limbs << 2; i += 4) {
    carry += <u64>load<u32>(out + i) + (<u64>load<u32>(b + i) & mask);
    store<u32>(out + i, <u32>carry);
    carry >>= 32;
  }
  return carry;
}

/** Subtracts L from the nine-limb remainder if that leaves it non-negative. */
function subtractOrderOnce(): void {
  const borrow = subtractLimbs(REMAINDER, REMAINDER, ORDER, 9);
  addMasked(REMAINDER, ORDER, (0 - borrow) & 0xffffffff, 9);
}

/**
 * out = x mod L for the 64-byte number at `x`. Barrett reduction in base 2^32 (Handbook of Applied Cryptography, 14.42):
 * the estimated quotient is at most 2 too small, so the remainder is below 3L before the two subtractions.
 */
export function scalarReduceWide(out: usize, x: usize): void {
  multiplyLimbs(QUOTIENT, x + 28, 9, BARRETT_FACTOR, 9);
  copyBytes(REMAINDER, x, 36);
  // REMAINDER -= (QUOTIENT >> 288) · L, modulo 2^288.
  for (let j: usize = 0; j < 36; j += 4) {
    const factor = <u64>load<u32>(QUOTIENT + 36 + j);
    let borrow: u64 = 0;
    for (let i: usize = 0; i < 36 - j; i += 4) {
      const at = REMAINDER + i + j;
      // At most (2^32 - 1)^2 + 2^32 - 1 < 2^64; the new borrow is its upper half plus what the low halves lack.
      const product = <u64>load<u32>(ORDER + i) * factor + borrow;
      const difference = <u64>load<u32>(at) - (product & 0xffffffff);
      store<u32>(at, <u32>difference);
      borrow = (product >> 32) + (difference >> 63);
    }
  }
  subtractOrderOnce();
  subtractOrderOnce();
  copyBytes(out, REMAINDER, 32);
}

/** out = x mod L for the 32-byte number at `x`. */
export function scalarReduce(out: usize, x: usize): void {
  copyBytes(PRODUCT, x, 32);
  for (let i: usize = 32; i < 64; i += 8) store<u64>(PRODUCT + i, 0);
  scalarReduceWide(out, PRODUCT);
}

/** out = a · b mod L. */
export function scalarMultiply(out: usize, a: usize, b: usize): void {
  multiplyLimbs(PRODUCT, a, 8, b, 8);
  scalarReduceWide(out, PRODUCT);
}

/** out = (a · b + c) mod L. a · b + c is at most (2^256 - 1)^2 + 2^256 - 1 < 2^512. */
export function scalarMultiplyAdd(out: usize, a: usize, b: usize, c: usize): void {
  multiplyLimbs(PRODUCT, a, 8, b, 8);
  let carry = addMasked(PRODUCT, c, 0xffffffff, 8);
  for (let i: usize = 32; i < 64; i += 4) {
    carry += load<u32>(PRODUCT + i);
    store<u32>(PRODUCT + i, <u32>carry);
    carry >>= 32;
  }
  scalarReduceWide(out, PRODUCT);
}

/** Clamps 32 bytes in place (RFC 8032 §5.1.5 step 2, RFC 7748 §5): a multiple of 8, bit 254 set, bit 255 clear. */
export function scalarClamp(at: usize): void {
  store<u8>(at, load<u8>(at) & 248);
  store<u8>(at, (load<u8>(at, 31) & 63) | 64, 31);
}

/**
 * Recodes s < L into 51 odd digits from -31 to 31 in base 32: the five bits from bit 5i of `out`, as a number u, stand for
 * the digit 2u - 31. The sum of all digits · 32^i is s, or s + L if s is even; with t for that odd number, it is
 * 2·out - (2^255 - 1), so out = (t - 1)/2 + 2^254.
 */
export function oddDigits(out: usize, s: usize): void {
  copyBytes(out, s, 32);
  addMasked(out, ORDER, ((load<u64>(s) & 1) - 1) & 0xffffffff, 8);
  for (let i: usize = 0; i < 24; i += 8) {
    store<u64>(out + i, (load<u64>(out + i) >> 1) | (load<u64>(out + i, 8) << 63));
  }
  store<u64>(out, (load<u64>(out, 24) >> 1) | 0x4000000000000000, 24);
}

// ---- Public scalars -----------------------------------------------------------------------------------------------

/** Whether the 32-byte number is below L, as RFC 8032 §5.1.7 step 1 demands of S. */
export function scalarIsCanonical(s: usize): bool {
  for (let i: i32 = 28; i >= 0; i -= 4) {
    const limb = load<u32>(s + i);
    const bound = load<u32>(ORDER + i);
    if (limb != bound) return limb < bound;
  }
  return false;
}

/**
 * Width-w non-adjacent form of the `bits`-bit number at `s` (little-endian, followed by at least 4 readable bytes):
 * digit i, a signed byte at out + i · stride for 0 ≤ i ≤ bits, is zero or odd with |digit| < 2^(w-1), and
 * s = Σ digit(i) · 2^i. Of w consecutive digits at most one is not zero. 2 ≤ w ≤ 8. Only non-zero digits are written:
 * the caller clears the memory. Returns the number of digits up to the highest one written.
 */
export function scalarToWnaf(out: usize, stride: usize, s: usize, bits: usize, w: u32): usize {
  const mask: u32 = (1 << w) - 1;
  let carry: u32 = 0;
  let length: usize = 0;
  let i: usize = 0;
  while (i <= bits) {
    const window = (load<u32>(s + (i >> 3)) >> <u32>(i & 7)) & mask;
    const left = bits - i;
    const digit = (left < 32 ? window & ((1 << <u32>left) - 1) : window) + carry;
    if ((digit & 1) == 0) {
      i += 1;
      continue;
    }
    carry = digit >> (w - 1);
    store<i8>(out + i * stride, <i8>(<i32>digit - <i32>(carry << w)));
    length = i + 1;
    i += w;
  }
  return length;
}
