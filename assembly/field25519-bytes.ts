/**
 * Elements modulo 2^255 - 19 as 32 bytes, little-endian: reading, canonical writing, comparison in constant time.
 *
 * @module
 */

import { wipe } from './memory';

/** The limbs of one element, 32 bits each, while it is made canonical. */
const LIMBS: usize = memory.data(9 * 4, 16);

const LIMB_BITS: u32 = 29;
const LIMB_MASK: u64 = (1 << 29) - 1;
const TOP_LIMB_BITS: u64 = 23; // 255 - 8 · 29
const TOP_LIMB_MASK: u64 = (1 << 23) - 1;

/** Where limb i of a lane lies in its pair (see `field25519.ts`). */
@inline
export function limbAddress(pair: usize, lane: u32, i: u32): usize {
  return pair + 4 * lane + (i < 5 ? 16 * i : 16 * i - 72);
}

/**
 * Reads 32 bytes into one lane of a pair; the other lane stays. The top bit is ignored, and values from p to 2^255 - 1
 * are taken modulo p (RFC 7748 §5).
 *
 * @bounds out: < 2^29
 */
export function readElement(pair: usize, lane: u32, bytes: usize): void {
  for (let i: u32 = 0; i < 8; i++) {
    const bit = LIMB_BITS * i;
    const word = load<u64>(bytes + ((bit >> 5) << 2));
    store<u32>(limbAddress(pair, lane, i), (word >> (bit & 31)) & LIMB_MASK);
  }
  store<u32>(limbAddress(pair, lane, 8), (load<u32>(bytes, 28) >> 8) & <u32>TOP_LIMB_MASK);
  store<u32>(limbAddress(pair, lane, 9), 0);
}

/** Adds `carry` to the element in LIMBS and leaves 29 bits in each limb but the highest. */
function propagate(carry: u64): void {
  for (let i: usize = 0; i < 32; i += 4) {
    carry += load<u32>(LIMBS + i);
    store<u32>(LIMBS + i, carry & LIMB_MASK);
    carry >>= LIMB_BITS;
  }
  store<u32>(LIMBS, load<u32>(LIMBS, 32) + <u32>carry, 32);
}

/** Takes the bits from 2^255 on out of LIMBS and returns them as a number. */
function takeExcess(): u64 {
  const top: u64 = load<u32>(LIMBS, 32);
  store<u32>(LIMBS, top & TOP_LIMB_MASK, 32);
  return top >> TOP_LIMB_BITS;
}

/** The bits from 2^255 on of what LIMBS would be after adding 19: 1 if the element is p or more, otherwise 0. */
function reachesP(): u64 {
  let carry: u64 = 19;
  for (let i: usize = 0; i < 32; i += 4) carry = (carry + load<u32>(LIMBS + i)) >> LIMB_BITS;
  return (carry + load<u32>(LIMBS, 32)) >> TOP_LIMB_BITS;
}

/** Stores the limbs, each below its width, as 32 bytes. */
function packLimbs(bytes: usize): void {
  let pending: u64 = 0;
  let bits: u32 = 0;
  for (let i: usize = 0; i < 36; i += 4) {
    pending |= (<u64>load<u32>(LIMBS + i)) << bits;
    bits += LIMB_BITS;
    if (bits >= 32 && i < 32) {
      store<u32>(bytes, pending);
      bytes += 4;
      pending >>= 32;
      bits -= 32;
    }
  }
  store<u32>(bytes, pending);
}

/**
 * Writes one lane of a pair as the 32 bytes of the number below p that it stands for.
 *
 * @bounds in: pair < 2^31
 */
export function writeElement(bytes: usize, pair: usize, lane: u32): void {
  for (let i: u32 = 0; i < 9; i++) store<u32>(LIMBS + 4 * i, load<u32>(limbAddress(pair, lane, i)));
  propagate(0);
  propagate(19 * takeExcess()); // now below 2^255 + 2^13
  propagate(19 * reachesP());
  takeExcess();
  packLimbs(bytes);
  wipe(LIMBS, 36);
}

/** Whether 32 bytes are all zero: 1 or 0, in constant time. */
export function isZero(bytes: usize): u32 {
  const ors = load<u64>(bytes) | load<u64>(bytes, 8) | load<u64>(bytes, 16) | load<u64>(bytes, 24);
  // Of x and -x, for x other than zero, one has the top bit set.
  return 1 - <u32>((ors | (0 - ors)) >> 63);
}

/** Whether two runs of 32 bytes are equal: 1 or 0, in constant time. */
export function areEqual(x: usize, y: usize): u32 {
  const ors =
    (load<u64>(x) ^ load<u64>(y)) |
    (load<u64>(x, 8) ^ load<u64>(y, 8)) |
    (load<u64>(x, 16) ^ load<u64>(y, 16)) |
    (load<u64>(x, 24) ^ load<u64>(y, 24));
  return 1 - <u32>((ors | (0 - ors)) >> 63);
}
