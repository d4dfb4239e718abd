/**
 * Half-size scalars for verification: a fraction u / v = k (mod L) of numbers below 2^127.
 *
 * [8]([S]B - R - [k]A) is the identity iff [8]([v·S]B - [v]R - [u]A) is, since the former has order 1 or L and v is no
 * multiple of L. The second form needs half the doublings (Antipa et al., "Accelerated Verification of ECDSA
 * Signatures", SAC 2005; Pornin, "Optimized Lattice Basis Reduction in Dimension 2", ePrint 2020/454, for Ed25519).
 *
 * For public scalars only: the time depends on them.
 *
 * @module
 */
import { ORDER } from './scalar25519';

/** Bytes of a half-size scalar. */
export const HALF_SCALAR_SIZE: usize = 16;

@inline
function bitLength(x0: u64, x1: u64, x2: u64, x3: u64): i32 {
  if (x3 != 0) return 256 - <i32>clz<u64>(x3);
  if (x2 != 0) return 192 - <i32>clz<u64>(x2);
  if (x1 != 0) return 128 - <i32>clz<u64>(x1);
  return 64 - <i32>clz<u64>(x0);
}

/**
 * Finds u and v with u = v · k (mod L), 0 ≤ u < 2^127, 0 < |v| < 2^126, for k < L. Writes u and |v|, 16 bytes each, and
 * returns whether v is negative.
 *
 * Euclid's algorithm on (L, k), one shifted subtraction at a time: a = s · k and b = t · k (mod L) all along, s and t have
 * opposite signs, and a·|t| + b·|s| = L. So at the first value a below 2^127 its cofactor has |s| ≤ L / b < 2^126.
 */
export function halveScalar(u: usize, v: usize, k: usize): bool {
  let a0 = load<u64>(ORDER, 0);
  let a1 = load<u64>(ORDER, 8);
  let a2 = load<u64>(ORDER, 16);
  let a3 = load<u64>(ORDER, 24);
  let b0 = load<u64>(k, 0);
  let b1 = load<u64>(k, 8);
  let b2 = load<u64>(k, 16);
  let b3 = load<u64>(k, 24);
  // The cofactors, 128-bit two's complement.
  let s0: u64 = 0;
  let s1: u64 = 0;
  let t0: u64 = 1;
  let t1: u64 = 0;
  let aBits: i32 = 253;
  let bBits = bitLength(b0, b1, b2, b3);

  while (bBits > 127) {
    // c = b << gap and r = t << gap, where 0 ≤ gap < 127; whole words first.
    const gap = aBits - bBits;
    const far = gap >= 64;
    const e0 = far ? 0 : b0;
    const e1 = far ? b0 : b1;
    const e2 = far ? b1 : b2;
    const e3 = far ? b2 : b3;
    const f0 = far ? 0 : t0;
    const f1 = far ? t0 : t1;
    const up = <u64>(gap & 63);
    const down = 63 - up;
    const c0 = e0 << up;
    const c1 = (e1 << up) | ((e0 >> 1) >> down);
    const c2 = (e2 << up) | ((e1 >> 1) >> down);
    const c3 = (e3 << up) | ((e2 >> 1) >> down);
    let r0 = f0 << up;
    let r1 = (f1 << up) | ((f0 >> 1) >> down);

    // d = a - c
    let d0 = a0 - c0;
    let borrow = <u64>(a0 < c0);
    let d1 = a1 - c1;
    let lower = <u64>(a1 < c1) | (<u64>(d1 < borrow));
    d1 -= borrow;
    let d2 = a2 - c2;
    borrow = <u64>(a2 < c2) | (<u64>(d2 < lower));
    d2 -= lower;
    let d3 = a3 - c3 - borrow;

    if (<i64>d3 < 0) {
      if (gap == 0) {
        // a < b: exchange them.
        d0 = a0;
        a0 = b0;
        b0 = d0;
        d1 = a1;
        a1 = b1;
        b1 = d1;
        d2 = a2;
        a2 = b2;
        b2 = d2;
        d3 = a3;
        a3 = b3;
        b3 = d3;
        d0 = s0;
        s0 = t0;
        t0 = d0;
        d1 = s1;
        s1 = t1;
        t1 = d1;
        continue;
      }
      // One bit too far: add c / 2 back, and use r / 2.
      r0 = (r0 >> 1) | (r1 << 63);
      r1 = <u64>(<i64>r1 >> 1);
      const h0 = (c0 >> 1) | (c1 << 63);
      const h1 = (c1 >> 1) | (c2 << 63);
      const h2 = (c2 >> 1) | (c3 << 63);
      d0 += h0;
      let carry = <u64>(d0 < h0);
      d1 += carry;
      carry = <u64>(d1 < carry);
      d1 += h1;
      carry |= <u64>(d1 < h1);
      d2 += carry;
      carry = <u64>(d2 < carry);
      d2 += h2;
      carry |= <u64>(d2 < h2);
      d3 += (c3 >> 1) + carry;
    }
    a0 = d0;
    a1 = d1;
    a2 = d2;
    a3 = d3;
    // s -= r
    s1 = s1 - r1 - <u64>(s0 < r0);
    s0 -= r0;

    aBits = bitLength(a0, a1, a2, a3);
    if (aBits < bBits) {
      d0 = a0;
      a0 = b0;
      b0 = d0;
      d1 = a1;
      a1 = b1;
      b1 = d1;
      d2 = a2;
      a2 = b2;
      b2 = d2;
      d3 = a3;
      a3 = b3;
      b3 = d3;
      d0 = s0;
      s0 = t0;
      t0 = d0;
      d1 = s1;
      s1 = t1;
      t1 = d1;
      const bits = aBits;
      aBits = bBits;
      bBits = bits;
    }
  }
  store<u64>(u, b0, 0);
  store<u64>(u, b1, 8);
  const negative = <i64>t1 < 0;
  if (negative) {
    t1 = ~t1 + <u64>(t0 == 0);
    t0 = 0 - t0;
  }
  store<u64>(v, t0, 0);
  store<u64>(v, t1, 8);
  return negative;
}
