/**
 * Points of the curve -x² + y² = 1 + d·x²·y² modulo 2^255 - 19 (edwards25519, RFC 8032 §5.1): doubling, addition and
 * the tests that verification needs. Formulas: Hisil, Wong, Carter, Dawson, "Twisted Edwards Curves Revisited" (ASIACRYPT
 * 2008), arranged so that both lanes of every multiplication carry something.
 *
 * **Point**, `POINT` = 160 bytes: the pairs (Y, X) and (Z, T) of extended coordinates, x = X/Z, y = Y/Z, T = X·Y/Z.
 * Each is reduced, in the sense of `field25519.ts`.
 *
 * **Addend**, `POINT` bytes too: the pairs (Y + X, Y - X) and (2·Z, -2·d·T), reduced; what addition wants of its second
 * operand, made once for a point that is added often. T is negated because F = D - C then becomes a sum, and the product
 * E·F, which would have two differences, has only one: see the bounds of `multiply`.
 *
 * The formulas are complete: they hold for all pairs of points, the identity and equal or small-order points included.
 * Functions run in constant time unless they say otherwise. Scratch is wiped by `pointWipe`.
 *
 * @module
 */
import { multiply, PAIR, square } from './field25519';
import { areEqual, isZero, writeElement } from './field25519-bytes';
import { BIAS, carry, sumAndDifference, swapLanes } from './field25519-lanes';
import { copyBytes, wipe } from './memory';

/** Size of a point or an addend in bytes. */
export const POINT: usize = 2 * PAIR;

/** The pair (2, -2·d). */
const ADDEND_FACTORS: usize = memory.data<u32>(
  [
    0x00000002, 0x194d0e94, 0x00000000, 0x1f868886, //
    0x00000000, 0x014b235e, 0x00000000, 0x0c6399c5, //
    0x00000000, 0x1f13aa45, 0x00000000, 0x04752400, //
    0x00000000, 0x1fd6cafa, 0x00000000, 0x005bf926, //
    0x00000000, 0x02ecfff1, 0x00000000, 0x00000000, //
  ],
  16,
);

const SCRATCH: usize = memory.data(7 * 80 + 64, 16);
const FIRST: usize = SCRATCH;
const SECOND: usize = SCRATCH + PAIR;
const GE: usize = SCRATCH + 2 * PAIR;
const HF: usize = SCRATCH + 3 * PAIR;
const FH: usize = SCRATCH + 4 * PAIR;
const NEGATED: usize = SCRATCH + 5 * PAIR; // an addend
const BYTES: usize = SCRATCH + 7 * PAIR; // two encodings

/** Wipes the scratch of point arithmetic. */
export function pointWipe(): void {
  wipe(SCRATCH, 7 * PAIR + 64);
}

/** out = the identity, (0, 1). */
export function pointIdentity(out: usize): void {
  for (let k: usize = 0; k < POINT; k += 16) v128.store(out + k, i32x4.splat(0));
  store<u32>(out, 1);
  store<u32>(out + PAIR, 1);
}

/** (x0, y0): the even 32-bit lanes of two pairs' vectors; one element of each pair. */
@inline
function firstLanes(x: v128, y: v128): v128 {
  return v128.shuffle<u32>(x, y, 0, 4, 2, 6);
}

/** (x1, y1): the odd lanes. */
@inline
function secondLanes(x: v128, y: v128): v128 {
  return v128.shuffle<u32>(x, y, 1, 5, 3, 7);
}

/** (x1, x0). */
@inline
function swapped(x: v128): v128 {
  return v128.shuffle<u32>(x, x, 1, 0, 3, 2);
}

/**
 * Splits two pairs into their lanes: out0 = (a0, b0), out1 = (a1, b1).
 *
 * @bounds in: any; out: those of a and b
 */
export function transpose(out0: usize, out1: usize, a: usize, b: usize): void {
  for (let k: usize = 0; k < PAIR; k += 16) {
    const x = v128.load(a + k);
    const y = v128.load(b + k);
    v128.store(out0 + k, firstLanes(x, y));
    v128.store(out1 + k, secondLanes(x, y));
  }
}

/**
 * (Y, X) = (G·H, E·F) and (Z, T) = (G·F, E·H), the end of doubling and addition, from GE, HF and FH.
 *
 * @bounds in: GE: differences, HF, FH: sums; out: reduced
 */
@inline
function complete(out: usize): void {
  multiply(out, HF, GE);
  multiply(out + PAIR, FH, GE);
}

/**
 * out = 2·p. With A = X², B = Y² and all four of E, F, G, H negated where that saves a subtraction (projectively the same
 * point): H = B + A, G = B - A, E = (X + Y)² - H, F = 2·Z² - G.
 *
 * @bounds in, out: point; inside, E < 2^31 + 2^29 + 2^24 and F < 2^31 + 2^29 + 2^26, both carried to < 2^29 + 2^14
 */
export function pointDouble(out: usize, p: usize): void {
  for (let k: usize = 0; k < PAIR; k += 16) {
    const yx = v128.load(p + k);
    const zt = v128.load(p + PAIR + k);
    // (Z, X + Y)
    v128.store(SECOND + k, v128.shuffle<u32>(zt, i32x4.add(yx, swapped(yx)), 0, 4, 2, 6));
  }
  square(FIRST, p); // (B, A)
  square(SECOND, SECOND); // (Z², (X + Y)²)
  for (let k: usize = 0; k < PAIR; k += 16) {
    const ba = v128.load(FIRST + k);
    const second = v128.load(SECOND + k);
    const bias = v128.load(BIAS + k);
    const ab = swapped(ba);
    const sums = i32x4.add(ba, ab); // (H, H)
    const differences = i32x4.sub(i32x4.add(ba, bias), ab); // (G, -)
    const g = v128.shuffle<u32>(differences, sums, 0, 4, 2, 6); // (G, H)
    // F = 2·Z² + (A + 128 p - B);  E = (X + Y)² + 256 p - H
    const f = i32x4.add(i32x4.add(second, second), i32x4.sub(i32x4.add(ab, bias), ba));
    const e = i32x4.sub(i32x4.add(second, i32x4.add(bias, bias)), sums);
    v128.store(GE + k, g);
    v128.store(FH + k, v128.shuffle<u32>(f, e, 0, 5, 2, 7)); // (F, E)
  }
  carry(FH, FH);
  for (let k: usize = 0; k < PAIR; k += 16) {
    const gh = v128.load(GE + k);
    const fe = v128.load(FH + k);
    v128.store(GE + k, v128.shuffle<u32>(gh, fe, 0, 5, 2, 7));
    v128.store(HF + k, v128.shuffle<u32>(gh, fe, 1, 4, 3, 6));
    v128.store(FH + k, v128.shuffle<u32>(gh, fe, 4, 1, 6, 3));
  }
  complete(out);
}

/**
 * out = p + q for an addend q: B = (Y1 + X1)·(Y2 + X2), A = (Y1 - X1)·(Y2 - X2), D = Z1·2·Z2, -C = T1·(-2·d·T2);
 * H = B + A, E = B - A, F = D + (-C), G = D - (-C).
 *
 * @bounds in: p point, q addend (its second pair may be a difference); out: point
 */
export function pointAdd(out: usize, p: usize, q: usize): void {
  sumAndDifference(FIRST, p);
  multiply(FIRST, q, FIRST); // (B, A)
  multiply(SECOND, p + PAIR, q + PAIR); // (D, -C)
  for (let k: usize = 0; k < PAIR; k += 16) {
    const ba = v128.load(FIRST + k);
    const dc = v128.load(SECOND + k);
    const bd = firstLanes(ba, dc);
    const ac = secondLanes(ba, dc);
    const hf = i32x4.add(bd, ac); // (H, F)
    v128.store(HF + k, hf);
    v128.store(FH + k, swapped(hf));
    v128.store(GE + k, swapped(i32x4.sub(i32x4.add(bd, v128.load(BIAS + k)), ac))); // from (E, G)
  }
  complete(out);
}

/**
 * out = -q for an addend q.
 *
 * @bounds in: addend; out: an addend whose second pair is a difference
 */
export function addendNegate(out: usize, q: usize): void {
  for (let k: usize = 0; k < PAIR; k += 16) {
    v128.store(out + k, swapped(v128.load(q + k)));
    const zt = v128.load(q + PAIR + k);
    v128.store(out + PAIR + k, v128.shuffle<u32>(zt, i32x4.sub(v128.load(BIAS + k), zt), 0, 5, 2, 7));
  }
}

/** out = p - q for an addend q. Bounds as for `pointAdd`. */
export function pointSubtract(out: usize, p: usize, q: usize): void {
  addendNegate(NEGATED, q);
  pointAdd(out, p, NEGATED);
}

/** out = p as an addend; out must not be p. */
export function addendFromPoint(out: usize, p: usize): void {
  sumAndDifference(out, p);
  carry(out, out);
  multiply(out + PAIR, p + PAIR, ADDEND_FACTORS);
}

/**
 * out = -p.
 *
 * @bounds in, out: point
 */
export function pointNegate(out: usize, p: usize): void {
  for (let k: usize = 0; k < 2 * PAIR; k += 16) {
    const x = v128.load(p + k);
    const negative = i32x4.sub(v128.load(BIAS + (k < PAIR ? k : k - PAIR)), x);
    v128.store(out + k, v128.shuffle<u32>(x, negative, 0, 5, 2, 7));
  }
  carry(out, out);
  carry(out + PAIR, out + PAIR);
}

/** Whether p is the identity: X = 0 and Y = Z. (X = 0 alone also holds for the point of order 2, where Y = -Z.) */
export function pointIsIdentity(p: usize): bool {
  writeElement(BYTES, p, 1);
  if (!isZero(BYTES)) return false;
  writeElement(BYTES, p, 0);
  writeElement(BYTES + 32, p + PAIR, 0);
  return areEqual(BYTES, BYTES + 32) != 0;
}

/** out = 8·p. */
export function pointTimesEight(out: usize, p: usize): void {
  pointDouble(out, p);
  pointDouble(out, out);
  pointDouble(out, out);
}

/**
 * Whether 8·p is the identity, for a public point with Z = 1: those are the points with x·y·(x² + y²) = 0. (Order 1 or 2:
 * x = 0. Order 4: the double has x = 0, so y = 0. Order 8: the double has y = 0, so x² + y² = 0.)
 */
export function pointIsSmallOrder(p: usize): bool {
  square(FIRST, p); // (y², x²)
  sumAndDifference(FIRST, FIRST);
  swapLanes(SECOND, p + PAIR); // (t, 1), t = x·y
  multiply(FIRST, SECOND, FIRST); // (t·(y² + x²), -)
  writeElement(BYTES, FIRST, 0);
  return isZero(BYTES) != 0;
}

/** Copies a point or an addend. */
@inline
export function pointCopy(out: usize, p: usize): void {
  copyBytes(out, p, POINT);
}
