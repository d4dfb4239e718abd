/**
 * The Edwards curve of Ed25519 in plain integers (RFC 8032 §5.1): −x² + y² = 1 + d x² y² over 2^255 − 19. Slow and simple on purpose, an
 * independent yardstick for the compiled core; nothing here is constant-time.
 *
 * @module
 */
import { integerFromBytes, integerToBytes } from './little-endian.js';

const P = 2n ** 255n - 19n;
/** The order of the base point. */
export const GROUP_ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;

/** A point (X : Y : Z) with x = X/Z, y = Y/Z, and T = XY/Z (RFC 8032 §5.1.4). */
export interface ReferencePoint {
  readonly X: bigint;
  readonly Y: bigint;
  readonly Z: bigint;
  readonly T: bigint;
}

function modulo(value: bigint): bigint {
  const remainder = value % P;
  return remainder < 0n ? remainder + P : remainder;
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  let square = modulo(base);
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % P;
    square = (square * square) % P;
  }
  return result;
}

const D = modulo(-121665n * power(121666n, P - 2n));
const SQRT_MINUS_ONE = power(2n, (P - 1n) / 4n);

/** The neutral element (0, 1). */
export const NEUTRAL: ReferencePoint = { X: 0n, Y: 1n, Z: 1n, T: 0n };

/** The point with these affine coordinates; the caller vouches that it lies on the curve. */
function affine(x: bigint, y: bigint): ReferencePoint {
  return { X: x, Y: y, Z: 1n, T: (x * y) % P };
}

/** a + b, by the complete formula of RFC 8032 §5.1.4. */
export function add(a: ReferencePoint, b: ReferencePoint): ReferencePoint {
  const A = (a.Y - a.X) * (b.Y - b.X);
  const B = (a.Y + a.X) * (b.Y + b.X);
  const C = ((2n * a.T * b.T) % P) * D;
  const DD = 2n * a.Z * b.Z;
  const [E, F, G, H] = [(B - A) % P, (DD - C) % P, (DD + C) % P, (B + A) % P];
  return { X: (E * F) % P, Y: (G * H) % P, Z: (F * G) % P, T: (E * H) % P };
}

/** −a. */
export function negate(a: ReferencePoint): ReferencePoint {
  return { ...a, X: -a.X, T: -a.T };
}

/** [scalar]a by doubling and adding; the scalar is not negative. */
export function multiply(scalar: bigint, a: ReferencePoint): ReferencePoint {
  let result = NEUTRAL;
  let doubled = a;
  for (let rest = scalar; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = add(result, doubled);
    doubled = add(doubled, doubled);
  }
  return result;
}

/** Multiplies one point by scalars from 0 to 2^256 − 1. */
export type Multiplier = (scalar: bigint) => ReferencePoint;

/**
 * For a point that is multiplied often: all that the hexadecimal digits of a scalar can stand for is computed once, and added up for each
 * scalar (Brickell et al., "Fast exponentiation with precomputation", 1992).
 */
export function multiplierOf(a: ReferencePoint): Multiplier {
  const places: ReferencePoint[][] = [];
  let unit = a;
  for (let place = 0; place < 64; place++) {
    const multiples = [NEUTRAL];
    let next = unit;
    for (let digit = 1; digit < 16; digit++) {
      multiples.push(next);
      next = add(next, unit);
    }
    places.push(multiples);
    unit = next;
  }
  return (scalar) => {
    let sum = NEUTRAL;
    let rest = scalar;
    for (const multiples of places) {
      const digit = Number(rest & 15n);
      if (digit !== 0) sum = add(sum, multiples[digit] as ReferencePoint);
      rest >>= 4n;
    }
    return sum;
  };
}

/** Whether both are the same point, compared without a division. */
export function samePoint(a: ReferencePoint, b: ReferencePoint): boolean {
  return modulo(a.X * b.Z - b.X * a.Z) === 0n && modulo(a.Y * b.Z - b.Y * a.Z) === 0n;
}

/** A square root of u/v, or null where there is none. */
function squareRootOfRatio(u: bigint, v: bigint): bigint | null {
  const ratio = modulo(u * power(v, P - 2n));
  const candidate = power(ratio, (P + 3n) / 8n);
  for (const root of [candidate, modulo(candidate * SQRT_MINUS_ONE)]) {
    if (modulo(root * root) === ratio) return root;
  }
  return null;
}

/** The point of a canonical encoding (RFC 8032 §5.1.3), null for anything else: y ≥ p, x with the sign of −0, or off the curve. */
export function decodePoint(bytes: Uint8Array): ReferencePoint | null {
  const encoded = integerFromBytes(bytes);
  const sign = encoded >> 255n;
  const y = encoded & (2n ** 255n - 1n);
  if (y >= P) return null;
  const x = squareRootOfRatio(y * y - 1n, D * y * y + 1n);
  if (x === null) return null;
  if (x === 0n && sign === 1n) return null;
  return affine((x & 1n) === sign ? x : P - x, y);
}

/** The 32 bytes of the point (RFC 8032 §5.1.2). */
export function encodePoint(point: ReferencePoint): Uint8Array {
  const inverse = power(point.Z, P - 2n);
  const [x, y] = [modulo(point.X * inverse), modulo(point.Y * inverse)];
  return integerToBytes(y + ((x & 1n) << 255n));
}

function requirePoint(bytes: Uint8Array): ReferencePoint {
  const point = decodePoint(bytes);
  if (point === null) throw new Error('not a point');
  return point;
}

/** The base point: y = 4/5 and x even. */
export const BASE_POINT: ReferencePoint = requirePoint(integerToBytes(modulo(4n * power(5n, P - 2n))));

/** The eight points of small order: i times a point of order 8. */
export const TORSION_POINTS: readonly ReferencePoint[] = smallOrderPoints();

function smallOrderPoints(): ReferencePoint[] {
  for (let y = 2n; ; y++) {
    const point = decodePoint(integerToBytes(y));
    if (point === null) continue;
    const torsion = multiply(GROUP_ORDER, point);
    if (samePoint(multiply(4n, torsion), NEUTRAL)) continue;
    return Array.from({ length: 8 }, (_, i) => multiply(BigInt(i), torsion));
  }
}
