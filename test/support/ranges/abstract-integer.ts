/**
 * A machine integer of a WebAssembly run, twice: the bits of one sample run, and what is known of it in every run, as an exact integer (a
 * polynomial in the run's unknowns) of which the machine keeps the lowest bits. Sums and products are exact whatever the width; only
 * where a result depends on the machine's own value (shifts, comparisons, wider products) must the exact integer fit, and
 * this is where an overflow is reported.
 *
 * @module
 */
import {
  addScaled,
  constantPolynomial,
  largest,
  multiply,
  type Polynomial,
  type Range,
  Symbols,
  scale,
  smallest,
} from './polynomial.js';

/** Width of a value in bits. */
export type Width = 8 | 16 | 32 | 64;

/** A value; see the module's comment. */
export class AbstractInteger {
  readonly width: Width;
  /** The sample run's value, unsigned. */
  readonly bits: bigint;
  readonly exact: Polynomial;
  /** For a ⊕ b and mask & (a ⊕ b): a and b, from which selection by mask is recognized. */
  difference: readonly [AbstractInteger, AbstractInteger] | undefined;
  /** For a half of a wider value: that value. */
  partOf: { readonly whole: AbstractInteger; readonly upper: boolean } | undefined;
  /** For a 32-bit value put together from two 16-bit ones, which may have signs: what its halves hold. */
  halves: { readonly lower: AbstractInteger; readonly upper: AbstractInteger } | undefined;
  #range: Range | undefined;

  constructor(width: Width, bits: bigint, exact: Polynomial) {
    this.width = width;
    this.bits = bits;
    this.exact = exact;
  }

  /** Whether the value is the same in every run. */
  get isConstant(): boolean {
    return this.exact.degree === 0;
  }

  /** The range of the exact integer. */
  range(symbols: Symbols): Range {
    this.#range ??= symbols.rangeOf(this.exact);
    return this.#range;
  }
}

/** A value that does not fit where the program relies on its fitting. */
export interface Overflow {
  readonly operation: string;
  readonly width: Width;
  readonly range: Range;
}

/** The operations on {@link AbstractInteger}s of one proof. */
export class AbstractArithmetic {
  readonly symbols = new Symbols();
  readonly #report: (overflow: Overflow) => void;

  /** @param report called for every value that may not fit */
  constructor(report: (overflow: Overflow) => void) {
    this.#report = report;
  }

  /** The same value in every run. */
  constant(width: Width, value: bigint): AbstractInteger {
    const bits = BigInt.asUintN(width, value);
    return new AbstractInteger(width, bits, constantPolynomial(bits));
  }

  /** Any value of the range; `bits` is the sample run's. */
  unknown(width: Width, bits: bigint, range: Range): AbstractInteger {
    const value = range.low < 0n ? BigInt.asIntN(width, bits) : bits;
    if (value < range.low || value > range.high) {
      throw new Error(`the sample run's ${value} is outside ${range.low} … ${range.high}: the proof is wrong`);
    }
    if (range.low === range.high) return new AbstractInteger(width, bits, constantPolynomial(range.low));
    return new AbstractInteger(width, bits, this.symbols.create(range));
  }

  /** Any value of that width. */
  anything(width: Width, bits: bigint): AbstractInteger {
    return this.unknown(width, bits, { low: 0n, high: 2n ** BigInt(width) - 1n });
  }

  /** The value as the machine sees it: itself if it fits its width without a sign, otherwise reported and replaced by anything. */
  fitting(value: AbstractInteger, operation: string): AbstractInteger {
    const range = value.range(this.symbols);
    if (range.low >= 0n && range.high < 2n ** BigInt(value.width)) return value;
    if (value.isConstant) return this.constant(value.width, value.bits);
    this.reportUnfit(operation, value);
    return this.anything(value.width, value.bits);
  }

  /** Reports a value that does not fit where it is used. */
  reportUnfit(operation: string, value: AbstractInteger): void {
    this.#report({ operation, width: value.width, range: value.range(this.symbols) });
  }

  /**
   * A fresh symbol of the same range, where the exact polynomial would grow beyond use. A negative value that fits with a sign stays one: whatever
   * reads it without, reports it.
   */
  renamed(value: AbstractInteger, operation: string): AbstractInteger {
    if (value.isConstant) return value;
    const { low, high } = value.range(this.symbols);
    const half = 2n ** BigInt(value.width - 1);
    const fitting = low >= -half && high < half ? value : this.fitting(value, operation);
    if (fitting.exact.terms.size === 1 && fitting.exact.constant === 0n && fitting.exact.degree === 1) return fitting;
    return this.unknown(fitting.width, fitting.bits, fitting.range(this.symbols));
  }

  add(a: AbstractInteger, b: AbstractInteger): AbstractInteger {
    return this.#exactly(a.width, a.bits + b.bits, addScaled(a.exact, b.exact, 1n));
  }

  subtract(a: AbstractInteger, b: AbstractInteger): AbstractInteger {
    return this.#exactly(a.width, a.bits - b.bits, addScaled(a.exact, b.exact, -1n));
  }

  multiply(a: AbstractInteger, b: AbstractInteger): AbstractInteger {
    const low = a.exact.degree + b.exact.degree <= 2;
    const [x, y] = low ? [a, b] : [this.renamed(a, 'multiply'), this.renamed(b, 'multiply')];
    return this.#exactly(a.width, a.bits * b.bits, multiply(x.exact, y.exact));
  }

  shiftLeft(a: AbstractInteger, count: bigint): AbstractInteger {
    const result = this.#exactly(a.width, a.bits << count, scale(a.exact, 1n << count));
    if (a.width === 32 && count === 16n) result.halves = { lower: this.constant(32, 0n), upper: a };
    return result;
  }

  /** The sum of the products of the lower and of the upper halves, read with their signs. */
  dotProduct(a: AbstractInteger, b: AbstractInteger): AbstractInteger {
    const [x, y] = [this.#signedHalves(a), this.#signedHalves(b)];
    return this.add(this.multiply(x.lower, y.lower), this.multiply(x.upper, y.upper));
  }

  /** The halves of a value, as numbers with a sign; a half that may not fit is reported. */
  #signedHalves(value: AbstractInteger): { lower: AbstractInteger; upper: AbstractInteger } {
    const half = (start: bigint) => this.constant(32, BigInt.asIntN(16, value.bits >> start));
    if (value.isConstant) return { lower: half(0n), upper: half(16n) };
    const halves = value.halves ?? { lower: value, upper: this.constant(32, 0n) };
    return { lower: this.#fittingHalf(halves.lower), upper: this.#fittingHalf(halves.upper) };
  }

  #fittingHalf(half: AbstractInteger): AbstractInteger {
    const limit = 2n ** 15n;
    if (half.isConstant) return this.constant(32, BigInt.asIntN(16, half.bits));
    const { low, high } = half.range(this.symbols);
    if (low >= -limit && high < limit) return this.renamed(half, '16-bit half');
    this.reportUnfit('16-bit half', half);
    return this.unknown(32, BigInt.asUintN(32, BigInt.asIntN(16, half.bits)), { low: -limit, high: limit - 1n });
  }

  /** The product of two narrower values, which must fit without a sign, in twice their width. */
  widenedProduct(a: AbstractInteger, b: AbstractInteger): AbstractInteger {
    const [x, y] = [this.fitting(a, 'extmul'), this.fitting(b, 'extmul')];
    const width = (2 * a.width) as Width;
    return this.multiply(new AbstractInteger(width, x.bits, x.exact), new AbstractInteger(width, y.bits, y.exact));
  }

  shiftRight(a: AbstractInteger, count: bigint): AbstractInteger {
    if (count === 0n) return a;
    const bits = a.bits >> count;
    const range = a.range(this.symbols);
    const sign = BigInt(a.width - 1);
    if (count === sign && range.low < 0n && range.low >= -(1n << sign) && range.high < 1n << sign) {
      return this.unknown(a.width, bits, { low: 0n, high: 1n });
    }
    const { low, high } = this.fitting(a, 'shr_u').range(this.symbols);
    return this.unknown(a.width, bits, { low: low >> count, high: high >> count });
  }

  /** The arithmetic shift: a division by a power of two, rounded down, of a value that fits with a sign. */
  shiftRightSigned(a: AbstractInteger, count: bigint): AbstractInteger {
    const bits = BigInt.asUintN(a.width, BigInt.asIntN(a.width, a.bits) >> count);
    if (a.isConstant) return this.constant(a.width, bits);
    const half = 2n ** BigInt(a.width - 1);
    let { low, high } = a.range(this.symbols);
    if (low < -half || high >= half) {
      this.reportUnfit('shr_s', a);
      [low, high] = [-half, half - 1n];
    }
    return this.unknown(a.width, bits, { low: low >> count, high: high >> count });
  }

  /** a & b: the low bits, a selection by an all-or-nothing mask, or anything up to the smaller operand. */
  and(a: AbstractInteger, b: AbstractInteger): AbstractInteger {
    if (a.isConstant && !b.isConstant) return this.and(b, a);
    const bits = a.bits & b.bits;
    if (a.isConstant) return this.constant(a.width, bits);
    const low = b.isConstant && (b.bits & (b.bits + 1n)) === 0n;
    if (low) return this.#lowBits(a, b.bits, bits);
    if (this.#isMask(b)) return this.#masked(a, bits);
    if (this.#isMask(a)) return this.#masked(b, bits);
    return this.unknown(a.width, bits, { low: 0n, high: smallest(this.#upperBound(a), this.#upperBound(b)) });
  }

  #lowBits(a: AbstractInteger, mask: bigint, bits: bigint): AbstractInteger {
    const { low, high } = a.range(this.symbols);
    if (low >= 0n && high <= mask) return a;
    const result = this.unknown(a.width, bits, { low: 0n, high: mask });
    if (mask === 0xffffn) result.halves = { lower: a, upper: this.constant(32, 0n) };
    return result;
  }

  /** Whether the value is 0 or −1 in every run. */
  #isMask(value: AbstractInteger): boolean {
    const { low, high } = value.range(this.symbols);
    const ones = 2n ** BigInt(value.width) - 1n;
    return low >= -1n && high <= 0n ? true : value.isConstant && (value.bits === 0n || value.bits === ones);
  }

  #masked(a: AbstractInteger, bits: bigint): AbstractInteger {
    const { low, high } = a.range(this.symbols);
    const half = 2n ** BigInt(a.width - 1);
    const fits = low >= 0n ? high < 2n * half : low >= -half && high < half;
    if (!fits) return this.anything(a.width, bits);
    const result = this.unknown(a.width, bits, { low: smallest(low, 0n), high: largest(high, 0n) });
    result.difference = a.difference;
    return result;
  }

  /** The largest machine value that the integer can have. */
  #upperBound(value: AbstractInteger): bigint {
    const { low, high } = value.range(this.symbols);
    const largest = 2n ** BigInt(value.width) - 1n;
    return low < 0n || high > largest ? largest : high;
  }

  /** a ⊕ b; x ⊕ (mask & (x ⊕ y)) is x or y. */
  xor(a: AbstractInteger, b: AbstractInteger): AbstractInteger {
    const bits = a.bits ^ b.bits;
    if (a.isConstant && b.isConstant) return this.constant(a.width, bits);
    if (a.isConstant && a.bits === 0n) return b;
    if (b.isConstant && b.bits === 0n) return a;
    const selected = this.#selected(a, b.difference) ?? this.#selected(b, a.difference);
    if (selected !== null) return this.unknown(a.width, bits, selected);
    const result = this.#bitwise(a, b, bits);
    result.difference = [a, b];
    return result;
  }

  #selected(x: AbstractInteger, pair: readonly [AbstractInteger, AbstractInteger] | undefined): Range | null {
    if (pair === undefined || !pair.some((one) => one === x || one.exact === x.exact)) return null;
    const [one, other] = [pair[0].range(this.symbols), pair[1].range(this.symbols)];
    return { low: smallest(one.low, other.low), high: largest(one.high, other.high) };
  }

  or(a: AbstractInteger, b: AbstractInteger): AbstractInteger {
    const bits = a.bits | b.bits;
    if (a.isConstant && b.isConstant) return this.constant(a.width, bits);
    if (a.isConstant && a.bits === 0n) return b;
    if (b.isConstant && b.bits === 0n) return a;
    const result = this.#bitwise(a, b, bits);
    result.halves = this.#joinedHalves(a, b) ?? this.#joinedHalves(b, a);
    return result;
  }

  /** The halves of lower | upper, where one of the two has nothing in its upper half and the other nothing in its lower one. */
  #joinedHalves(lower: AbstractInteger, upper: AbstractInteger): AbstractInteger['halves'] {
    const isZero = (half: AbstractInteger | undefined) => half?.isConstant === true && half.bits === 0n;
    if (upper.halves === undefined || !isZero(upper.halves.lower)) return undefined;
    if (lower.halves !== undefined && isZero(lower.halves.upper))
      return { lower: lower.halves.lower, upper: upper.halves.upper };
    const { low, high } = lower.range(this.symbols);
    return low >= 0n && high < 2n ** 16n ? { lower, upper: upper.halves.upper } : undefined;
  }

  #bitwise(a: AbstractInteger, b: AbstractInteger, bits: bigint): AbstractInteger {
    const length = largest(this.#upperBound(a), this.#upperBound(b)).toString(2).length;
    return this.unknown(a.width, bits, { low: 0n, high: 2n ** BigInt(length) - 1n });
  }

  /** The result of any other operation: known if all operands are, otherwise anything. */
  opaque(width: Width, bits: bigint, ...operands: readonly AbstractInteger[]): AbstractInteger {
    return operands.every(({ isConstant }) => isConstant) ? this.constant(width, bits) : this.anything(width, bits);
  }

  /** What a store of `width` bits keeps of the value. */
  lowPartIfNarrower(a: AbstractInteger, width: Width): AbstractInteger {
    return width < a.width ? this.lowPart(a, width) : a;
  }

  /** The low bits of the value, meant to drop the others. */
  lowPart(a: AbstractInteger, width: Width): AbstractInteger {
    const bits = BigInt.asUintN(width, a.bits);
    if (a.isConstant) return this.constant(width, bits);
    const { low, high } = a.range(this.symbols);
    return low >= 0n && high < 2n ** BigInt(width)
      ? new AbstractInteger(width, bits, a.exact)
      : this.anything(width, bits);
  }

  /** The value in another width; a narrower one keeps the low bits of the same exact integer. */
  resized(a: AbstractInteger, width: Width, operation: string): AbstractInteger {
    if (a.isConstant) return this.constant(width, a.bits);
    const source = width > a.width ? this.fitting(a, operation) : a;
    return new AbstractInteger(width, BigInt.asUintN(width, source.bits), source.exact);
  }

  /** The value read as a signed one, in another width. */
  signExtended(a: AbstractInteger, width: Width): AbstractInteger {
    const bits = BigInt.asUintN(width, BigInt.asIntN(a.width, a.bits));
    if (a.isConstant) return this.constant(width, bits);
    const { low, high } = a.range(this.symbols);
    const half = 2n ** BigInt(a.width - 1);
    if (low >= -half && high < half) return new AbstractInteger(width, bits, a.exact);
    return this.unknown(width, bits, { low: -half, high: half - 1n });
  }

  #exactly(width: Width, bits: bigint, exact: Polynomial): AbstractInteger {
    const kept = BigInt.asUintN(width, bits);
    return exact.degree === 0 ? this.constant(width, exact.constant) : new AbstractInteger(width, kept, exact);
  }
}
