/**
 * The integer instructions of WebAssembly on {@link AbstractInteger}s.
 *
 * @module
 */
import type { AbstractArithmetic, AbstractInteger, Width } from './abstract-integer.js';

type Binary = (arithmetic: AbstractArithmetic, a: AbstractInteger, b: AbstractInteger) => AbstractInteger;
type Unary = (arithmetic: AbstractArithmetic, a: AbstractInteger) => AbstractInteger;

const countOf = (b: AbstractInteger) => b.bits % BigInt(b.width);
const signed = ({ width, bits }: AbstractInteger) => BigInt.asIntN(width, bits);

function comparison(holds: (a: AbstractInteger, b: AbstractInteger) => boolean): Binary {
  return (arithmetic, a, b) => truth(arithmetic, holds(a, b), a, b);
}

/** The result of a test: 0 or 1, known only if all operands are. */
function truth(arithmetic: AbstractArithmetic, holds: boolean, ...operands: AbstractInteger[]): AbstractInteger {
  const bits = holds ? 1n : 0n;
  return operands.every(({ isConstant }) => isConstant)
    ? arithmetic.constant(32, bits)
    : arithmetic.unknown(32, bits, { low: 0n, high: 1n });
}

function rotated({ width, bits }: AbstractInteger, count: bigint): bigint {
  return BigInt.asUintN(width, (bits << count) | (bits >> (BigInt(width) - count)));
}

/** The instructions with two operands, without the type before the dot. */
const BINARY: Readonly<Record<string, Binary>> = {
  add: (arithmetic, a, b) => arithmetic.add(a, b),
  sub: (arithmetic, a, b) => arithmetic.subtract(a, b),
  mul: (arithmetic, a, b) => arithmetic.multiply(a, b),
  and: (arithmetic, a, b) => arithmetic.and(a, b),
  or: (arithmetic, a, b) => arithmetic.or(a, b),
  xor: (arithmetic, a, b) => arithmetic.xor(a, b),
  shl: (arithmetic, a, b) => {
    return b.isConstant
      ? arithmetic.shiftLeft(a, countOf(b))
      : arithmetic.opaque(a.width, BigInt.asUintN(a.width, a.bits << countOf(b)), a, b);
  },
  shr_u: (arithmetic, a, b) => {
    return b.isConstant ? arithmetic.shiftRight(a, countOf(b)) : arithmetic.opaque(a.width, a.bits >> countOf(b), a, b);
  },
  shr_s: (arithmetic, a, b) => {
    const bits = BigInt.asUintN(a.width, signed(a) >> countOf(b));
    return b.isConstant ? arithmetic.shiftRightSigned(a, countOf(b)) : arithmetic.opaque(a.width, bits, a, b);
  },
  rotl: (arithmetic, a, b) => arithmetic.opaque(a.width, rotated(a, countOf(b)), a, b),
  rotr: (arithmetic, a, b) => arithmetic.opaque(a.width, rotated(a, BigInt(a.width) - countOf(b)), a, b),
  eq: comparison((a, b) => a.bits === b.bits),
  ne: comparison((a, b) => a.bits !== b.bits),
  lt_u: comparison((a, b) => a.bits < b.bits),
  gt_u: comparison((a, b) => a.bits > b.bits),
  le_u: comparison((a, b) => a.bits <= b.bits),
  ge_u: comparison((a, b) => a.bits >= b.bits),
  lt_s: comparison((a, b) => signed(a) < signed(b)),
  gt_s: comparison((a, b) => signed(a) > signed(b)),
  le_s: comparison((a, b) => signed(a) <= signed(b)),
  ge_s: comparison((a, b) => signed(a) >= signed(b)),
};

function trailingZeros({ width, bits }: AbstractInteger): number {
  return bits === 0n ? width : (bits & -bits).toString(2).length - 1;
}

/** The instructions with one operand, by their whole names. */
const UNARY: Readonly<Record<string, Unary>> = {
  'i32.eqz': (arithmetic, a) => truth(arithmetic, a.bits === 0n, a),
  'i64.eqz': (arithmetic, a) => truth(arithmetic, a.bits === 0n, a),
  'i32.wrap_i64': (arithmetic, a) => arithmetic.lowPart(a, 32),
  'i64.extend_i32_u': (arithmetic, a) => arithmetic.resized(a, 64, 'extend_u'),
  'i64.extend_i32_s': (arithmetic, a) => arithmetic.signExtended(a, 64),
  'i32.extend8_s': (arithmetic, a) => arithmetic.signExtended(arithmetic.lowPart(a, 8), 32),
  'i32.extend16_s': (arithmetic, a) => arithmetic.signExtended(arithmetic.lowPart(a, 16), 32),
  'i64.extend8_s': (arithmetic, a) => arithmetic.signExtended(arithmetic.lowPart(a, 8), 64),
  'i64.extend16_s': (arithmetic, a) => arithmetic.signExtended(arithmetic.lowPart(a, 16), 64),
  'i64.extend32_s': (arithmetic, a) => arithmetic.signExtended(arithmetic.lowPart(a, 32), 64),
  'i32.clz': (arithmetic, a) => leadingZeros(arithmetic, a),
  'i64.clz': (arithmetic, a) => leadingZeros(arithmetic, a),
  'i32.ctz': (arithmetic, a) => arithmetic.opaque(a.width, BigInt(trailingZeros(a)), a),
  'i64.ctz': (arithmetic, a) => arithmetic.opaque(a.width, BigInt(trailingZeros(a)), a),
};

function leadingZeros(arithmetic: AbstractArithmetic, a: AbstractInteger): AbstractInteger {
  const length = a.bits === 0n ? 0 : a.bits.toString(2).length;
  return arithmetic.opaque(a.width, BigInt(a.width - length), a);
}

/** The operation of an instruction with two integer operands, if it is one. */
export function binaryOperation(name: string): Binary | undefined {
  return /^i(32|64)\./.test(name) ? BINARY[name.slice(4)] : undefined;
}

/** The operation of an instruction with one integer operand, if it is one. */
export function unaryOperation(name: string): Unary | undefined {
  return UNARY[name];
}

/** What a scalar load or store moves: bits in memory, bits of the value, and whether the sign is kept. */
export function scalarAccess(
  name: string,
): { memory: Width; value: Width; isSigned: boolean; isStore: boolean } | undefined {
  const match = /^i(32|64)\.(load|store)(8|16|32)?(_s|_u)?$/.exec(name);
  if (match === null) return undefined;
  const value = Number(match[1]) as Width;
  const memory = match[3] === undefined ? value : (Number(match[3]) as Width);
  return { memory, value, isSigned: match[4] === '_s', isStore: match[2] === 'store' };
}
