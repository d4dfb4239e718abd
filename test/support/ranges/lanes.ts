/**
 * Vectors of {@link AbstractInteger}s, cut into lanes of 64, 32 or 8 bits as they were made, and cut anew as they are used.
 *
 * @module
 */
import { type AbstractArithmetic, AbstractInteger, type Width } from './abstract-integer.js';
import { addScaled } from './polynomial.js';

/** A 128-bit value. */
export interface AbstractVector {
  readonly width: Width;
  readonly lanes: readonly AbstractInteger[];
}

/** A vector of these lanes. */
export function vectorOf(lanes: readonly AbstractInteger[]): AbstractVector {
  const [first] = lanes;
  if (first === undefined || first.width * lanes.length !== 128) throw new Error('a vector has 128 bits');
  return { width: first.width, lanes };
}

/** The sample run's bits of a vector. */
export function vectorBits({ width, lanes }: AbstractVector): bigint {
  return lanes.reduceRight((bits, lane) => (bits << BigInt(width)) | lane.bits, 0n);
}

/** A constant vector, as 32-bit lanes. */
export function constantVector(arithmetic: AbstractArithmetic, bits: bigint): AbstractVector {
  return vectorOf([0n, 32n, 64n, 96n].map((start) => arithmetic.constant(32, BigInt.asUintN(32, bits >> start))));
}

/** One lane of the given width, which need not be that of the vector. */
export function laneOf(
  arithmetic: AbstractArithmetic,
  vector: AbstractVector,
  width: Width,
  index: number,
): AbstractInteger {
  const { lanes } = vector;
  if (vector.width === width) return lanes[index] as AbstractInteger;
  if (vector.width === 64 && width === 32)
    return halfOf(arithmetic, lanes[index >> 1] as AbstractInteger, index % 2 === 1);
  if (vector.width === 32 && width === 64) {
    return joined(arithmetic, lanes[2 * index] as AbstractInteger, lanes[2 * index + 1] as AbstractInteger);
  }
  const bits = BigInt.asUintN(width, vectorBits(vector) >> BigInt(width * index));
  return arithmetic.opaque(width, bits, ...lanes);
}

/** All lanes of the given width. */
export function lanesOf(arithmetic: AbstractArithmetic, vector: AbstractVector, width: Width): AbstractInteger[] {
  return Array.from({ length: 128 / width }, (_, index) => laneOf(arithmetic, vector, width, index));
}

/**
 * The lower or upper half of a 64-bit value. Where a lower half is not `cut` off on purpose, it stands for the whole, and must fit as soon as
 * it is used as a number of its own.
 */
export function halfOf(
  arithmetic: AbstractArithmetic,
  whole: AbstractInteger,
  upper: boolean,
  cut = false,
): AbstractInteger {
  const bits = BigInt.asUintN(32, upper ? whole.bits >> 32n : whole.bits);
  if (whole.isConstant) return arithmetic.constant(32, bits);
  const lower = () => (cut ? arithmetic.lowPart(whole, 32) : new AbstractInteger(32, bits, whole.exact));
  const half = upper ? arithmetic.resized(arithmetic.shiftRight(whole, 32n), 32, 'upper half') : lower();
  half.partOf = { whole, upper };
  return half;
}

/** A 64-bit value from its halves. */
export function joined(
  arithmetic: AbstractArithmetic,
  lower: AbstractInteger,
  upper: AbstractInteger,
): AbstractInteger {
  const bits = (upper.bits << 32n) | lower.bits;
  if (lower.isConstant && upper.isConstant) return arithmetic.constant(64, bits);
  const [low, high] = [lower.partOf, upper.partOf];
  if (low !== undefined && low.whole === high?.whole && !low.upper && high.upper) return low.whole;
  const [x, y] = [arithmetic.fitting(lower, 'lower half'), arithmetic.fitting(upper, 'upper half')];
  if (x.exact.degree === 2 || y.exact.degree === 2) return arithmetic.anything(64, bits);
  return new AbstractInteger(64, bits, addScaled(x.exact, y.exact, 2n ** 32n));
}
