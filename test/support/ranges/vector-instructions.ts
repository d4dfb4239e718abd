/**
 * The SIMD instructions that the core uses, on {@link AbstractVector}s.
 *
 * @module
 */
import type { AbstractArithmetic, AbstractInteger, Width } from './abstract-integer.js';
import { type AbstractVector, laneOf, lanesOf, vectorBits, vectorOf } from './lanes.js';

type LaneOperation = (arithmetic: AbstractArithmetic, a: AbstractInteger, b: AbstractInteger) => AbstractInteger;

/** Operations lane by lane, on lanes of the width that the instruction's name tells. */
const LANE_BY_LANE: Readonly<Record<string, LaneOperation>> = {
  add: (arithmetic, a, b) => arithmetic.add(a, b),
  sub: (arithmetic, a, b) => arithmetic.subtract(a, b),
  mul: (arithmetic, a, b) => arithmetic.multiply(a, b),
  eq: (arithmetic, a, b) => {
    const bits = a.bits === b.bits ? 2n ** BigInt(a.width) - 1n : 0n;
    if (a.isConstant && b.isConstant) return arithmetic.constant(a.width, bits);
    return arithmetic.unknown(a.width, bits, { low: -1n, high: 0n });
  },
};

const BITWISE: Readonly<Record<string, LaneOperation>> = {
  'v128.and': (arithmetic, a, b) => arithmetic.and(a, b),
  'v128.or': (arithmetic, a, b) => arithmetic.or(a, b),
  'v128.xor': (arithmetic, a, b) => arithmetic.xor(a, b),
};

function laneWidth(name: string): Width {
  const match = /^i(8|16|32|64)x/.exec(name);
  if (match === null) throw new Error(`${name} has no lanes`);
  return Number(match[1]) as Width;
}

/** Bitwise operations take the lanes as they are: as those of the operand that is not constant. */
function bitwiseWidth(a: AbstractVector, b: AbstractVector): Width {
  if (a.width === b.width) return a.width;
  const varying = [a, b].filter(({ lanes }) => !lanes.every(({ isConstant }) => isConstant));
  return varying.length === 1 && varying[0] !== undefined ? varying[0].width : 32;
}

function zip(
  arithmetic: AbstractArithmetic,
  width: Width,
  operation: LaneOperation,
  a: AbstractVector,
  b: AbstractVector,
) {
  const [x, y] = [lanesOf(arithmetic, a, width), lanesOf(arithmetic, b, width)];
  return vectorOf(x.map((lane, i) => operation(arithmetic, lane, y[i] as AbstractInteger)));
}

/** Products of the lower or upper lanes of 32 bits, in 64. */
function extendedProducts(arithmetic: AbstractArithmetic, name: string, a: AbstractVector, b: AbstractVector) {
  const first = name.includes('low') ? 0 : 2;
  return vectorOf(
    [first, first + 1].map((i) =>
      arithmetic.widenedProduct(laneOf(arithmetic, a, 32, i), laneOf(arithmetic, b, 32, i)),
    ),
  );
}

/** The result of an instruction with two vector operands, undefined if it is none. */
export function vectorBinary(
  arithmetic: AbstractArithmetic,
  name: string,
  a: AbstractVector,
  b: AbstractVector,
): AbstractVector {
  const bitwise = BITWISE[name];
  if (bitwise !== undefined) return zip(arithmetic, bitwiseWidth(a, b), bitwise, a, b);
  if (/^i64x2\.extmul_(low|high)_i32x4_u$/.test(name)) return extendedProducts(arithmetic, name, a, b);
  if (name === 'i32x4.dot_i16x8_s') return zip(arithmetic, 32, (_, x, y) => arithmetic.dotProduct(x, y), a, b);
  const operation = LANE_BY_LANE[name.replace(/^i\d+x\d+\./, '')];
  if (operation === undefined) throw new Error(`the proof does not know ${name}`);
  return zip(arithmetic, laneWidth(name), operation, a, b);
}

/** A vector whose lanes are all shifted by the same count. */
export function vectorShift(
  arithmetic: AbstractArithmetic,
  name: string,
  a: AbstractVector,
  count: AbstractInteger,
): AbstractVector {
  const width = laneWidth(name);
  const distance = count.bits % BigInt(width);
  const shifted = lanesOf(arithmetic, a, width).map((lane) => {
    if (name.endsWith('shl')) return arithmetic.shiftLeft(lane, distance);
    if (name.endsWith('shr_u')) return arithmetic.shiftRight(lane, distance);
    return arithmetic.shiftRightSigned(lane, distance);
  });
  return vectorOf(shifted);
}

/** `i8x16.shuffle`: by lanes of 32 bits where the pattern moves such, otherwise by bytes. */
export function shuffle(
  arithmetic: AbstractArithmetic,
  pattern: readonly number[],
  a: AbstractVector,
  b: AbstractVector,
) {
  const width = movesLanes(pattern, 4) ? 32 : 8;
  const size = width / 8;
  const lanes = Array.from({ length: 16 / size }, (_, i) => {
    const source = (pattern[i * size] ?? 0) / size;
    const count = 16 / size;
    return source < count ? laneOf(arithmetic, a, width, source) : laneOf(arithmetic, b, width, source - count);
  });
  return vectorOf(lanes);
}

function movesLanes(pattern: readonly number[], size: number): boolean {
  return pattern.every((source, i) => {
    const start = pattern[i - (i % size)] ?? 0;
    return start % size === 0 && source === start + (i % size);
  });
}

/** A vector of equal lanes. */
export function splat(name: string, value: AbstractInteger, arithmetic: AbstractArithmetic): AbstractVector {
  const width = laneWidth(name);
  const lane = value.width > width ? arithmetic.lowPart(value, width) : value;
  return vectorOf(Array.from({ length: 128 / width }, () => lane));
}

/** `v128.any_true`: 0 or 1. */
export function anyTrue(arithmetic: AbstractArithmetic, vector: AbstractVector): AbstractInteger {
  return arithmetic.opaque(32, vectorBits(vector) === 0n ? 0n : 1n, ...vector.lanes);
}
