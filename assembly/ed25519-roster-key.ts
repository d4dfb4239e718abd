/**
 * Whether a public key is a point of order L, and so has no part of small order: what a roster demands of a signing key.
 * Multiplying by L would show it as well; here two powers do, at a quarter of the price. Of public keys only: the time
 * depends on them.
 *
 * The group has order 8L and is cyclic, so the points whose order divides L are those that are eight times a point. The
 * way there is from Koshelev, "Subgroup membership testing on elliptic curves via the Tate pairing", and from the halving
 * of Pornin, "Point-Halving and Subgroup Membership in Twisted Edwards Curves". Let u = (1 + y)/(1 - y), v = c·u/x be the
 * point on v² = u³ + A·u² + u, where A = 486662 and c² = -(A + 2) (RFC 7748 §4.1).
 *
 * - It is twice a point exactly if u is a square, that is, if 1 - y² is one: let q² = 1 - y². Then it is also the image of a
 *   point (X, Y) of Y² = X³ - 2A·X² + (A² - 4)·X under the isogeny with u = Y²/(4X²), whose kernel is (0, 0):
 *   X = s² + 2m/((1 - y)·x) and Y = 2q·X/(1 - y), with m = 2xy + c·q and s² = A + 2.
 * - On that curve T = (s² + 2s, …) has order 4, and f = (Y - (s + 2)(X - s²))²/(X - s²) the divisor 4(T) - 4(O). So
 *   f^((p - 1)/4) is a homomorphism to the fourth roots of unity, the Tate pairing with T. The sign of s is the one for
 *   which s·(s + 2) is no square; then it is 1 at (0, 0), so that it does not matter which point (X, Y) was taken.
 * - Where it is 1, the point is eight times another: A² - 4 is no square and the product of X and of its counterpart at
 *   (X, Y) + (0, 0), so that one of them is a square. That point pairs to 1 with T and with (0, 0), hence with all of
 *   E'[4], is four times a point of this curve, and has odd order, since the part of even order is that of E'[4].
 *
 * Up to fourth powers f is 2·k²·(1 - y)·(x·m)³, where k = q·n - (s + 2)(1 - y)·m and n = 2m + s²·(1 - y)·x. It is 0 at some
 * points of small order, which are refused with it.
 *
 * @module
 */
import { isBelowP, ONE, ROOT_OF_MINUS_ONE } from './edwards25519-encoding';
import { multiply, PAIR, square } from './field25519';
import { areEqual, isZero, readElement, writeElement } from './field25519-bytes';
import { add, carry, combine, subtract, swapLanes } from './field25519-lanes';
import { squareRootPower } from './field25519-power';

/** d = -121665/121666 in lane 0, 0 in lane 1. */
const CURVE_D: usize = memory.data<u32>(
  [
    0x135978a3, 0x00000000, 0x003cbbbc, 0x00000000, //
    0x0f5a6e50, 0x00000000, 0x19ce331d, 0x00000000, //
    0x10762add, 0x00000000, 0x1dc56dff, 0x00000000, //
    0x00149a82, 0x00000000, 0x0052036c, 0x00000000, //
    0x1e898007, 0x00000000, 0x00000000, 0x00000000, //
  ],
  16,
);

/** c, a square root of -486664, in both lanes. */
const C: usize = memory.data<u32>(
  [
    0x1f457e06, 0x1f457e06, 0x046e01fe, 0x046e01fe, //
    0x03702557, 0x03702557, 0x1aef49ec, 0x1aef49ec, //
    0x1f46a0b3, 0x1f46a0b3, 0x1e8c1400, 0x1e8c1400, //
    0x03a7a296, 0x03a7a296, 0x000f26ed, 0x000f26ed, //
    0x04f7ec5a, 0x04f7ec5a, 0x00000000, 0x00000000, //
  ],
  16,
);

/** s + 2, where s is that square root of 486664 for which s·(s + 2) is no square, in both lanes. */
const S_PLUS_TWO: usize = memory.data<u32>(
  [
    0x0377bbda, 0x0377bbda, 0x0c429405, 0x0c429405, //
    0x12edb883, 0x12edb883, 0x1540f781, 0x1540f781, //
    0x0d5b2705, 0x0d5b2705, 0x0d00cac7, 0x0d00cac7, //
    0x0bdc71af, 0x0bdc71af, 0x00141b0b, 0x00141b0b, //
    0x159109ca, 0x159109ca, 0x00000000, 0x00000000, //
  ],
  16,
);

/** s² = 486664 in both lanes. */
const S_SQUARED: usize = memory.data<u32>(
  [486664, 486664, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
  16,
);

const SCRATCH: usize = memory.data(9 * 80 + 64, 16);
const Y: usize = SCRATCH;
/** (x, q), of either sign. */
const ROOTS: usize = SCRATCH + PAIR;
const U: usize = SCRATCH + 2 * PAIR;
const V: usize = SCRATCH + 3 * PAIR;
const T: usize = SCRATCH + 4 * PAIR;
const W: usize = SCRATCH + 5 * PAIR;
const M: usize = SCRATCH + 6 * PAIR;
const ONE_MINUS_Y: usize = SCRATCH + 7 * PAIR;
const K: usize = SCRATCH + 8 * PAIR;
const BYTES: usize = SCRATCH + 9 * PAIR;

/** Whether two elements are equal: lane `lane` of a and of b. */
function laneEquals(a: usize, b: usize, lane: u32): bool {
  writeElement(BYTES, a, lane);
  writeElement(BYTES + 32, b, lane);
  return areEqual(BYTES, BYTES + 32) != 0;
}

/**
 * ROOTS = (x, q), the square roots of (y² - 1)/(d·y² + 1) and of 1 - y²; whether they exist and are not zero, which they are
 * together. The way of `pointDecodeTwo`: each is u·v³·(u·v⁷)^((p - 5) / 8), perhaps times a root of -1.
 */
function findRoots(): bool {
  square(T, Y);
  subtract(U, T, ONE);
  subtract(W, ONE, T);
  combine(U, U, W);
  carry(U, U); // (y² - 1, 1 - y²): each is the negative of the other
  multiply(V, T, CURVE_D);
  add(V, V, ONE); // (d·y² + 1, 1)
  square(T, V); // v²
  multiply(ROOTS, V, T); // v³
  square(T, T); // v⁴
  multiply(ROOTS, ROOTS, U); // u·v³
  multiply(T, T, ROOTS); // u·v⁷
  squareRootPower(W, T);
  multiply(ROOTS, ROOTS, W);
  multiply(K, ROOTS, ROOT_OF_MINUS_ONE);
  square(T, ROOTS);
  multiply(T, V, T); // v·root²: ±u where there is a root
  swapLanes(W, U); // -u
  if (!laneEquals(T, U, 0)) {
    if (!laneEquals(T, W, 0)) return false;
    combine(ROOTS, K, ROOTS);
  }
  if (!laneEquals(T, U, 1)) {
    if (!laneEquals(T, W, 1)) return false;
    combine(ROOTS, ROOTS, K);
  }
  writeElement(BYTES, ROOTS, 1);
  return isZero(BYTES) == 0;
}

/** W = 2·k²·(1 - y)·(x·m)³ in lane 0; lane 1 holds nothing of use. */
function pairingBase(): void {
  subtract(ONE_MINUS_Y, ONE, Y);
  carry(ONE_MINUS_Y, ONE_MINUS_Y);
  combine(W, Y, C);
  multiply(W, ROOTS, W); // (x·y, c·q)
  swapLanes(T, W);
  add(T, T, W);
  carry(T, T);
  add(T, T, W);
  carry(M, T); // 2xy + c·q
  multiply(K, ROOTS, ONE_MINUS_Y);
  multiply(K, K, S_SQUARED);
  add(T, M, M);
  carry(T, T);
  add(K, K, T); // n
  swapLanes(T, ROOTS);
  multiply(K, K, T); // q·n
  multiply(T, ONE_MINUS_Y, M);
  multiply(T, T, S_PLUS_TWO);
  subtract(K, K, T);
  carry(K, K);
  square(K, K); // k²
  multiply(K, K, ONE_MINUS_Y);
  multiply(W, ROOTS, M);
  square(T, W);
  multiply(W, T, W); // (x·m)³
  multiply(W, W, K);
  add(W, W, W);
  carry(W, W);
}

/** Whether 32 bytes are the canonical encoding of a point of order L: [L]A is the identity, A is not. */
export function isRosterKey(publicKey: usize): bool {
  // Neither sign of x changes the answer, and the two points of which only one sign is canonical are refused.
  if (!isBelowP(publicKey)) return false;
  readElement(Y, 0, publicKey);
  readElement(Y, 1, publicKey);
  if (!findRoots()) return false;
  pairingBase();
  squareRootPower(T, W);
  square(T, T);
  multiply(T, T, W); // to the power of (p - 1)/4
  return laneEquals(T, ONE, 0);
}
