/**
 * Polynomials of degree two over symbols whose ranges are known: exact enough to see that what Karatsuba's method adds it subtracts again, where
 * plain intervals would see an overflow.
 *
 * @module
 */

/** An inclusive range of integers. */
export interface Range {
  readonly low: bigint;
  readonly high: bigint;
}

/** The smallest of the integers. */
export function smallest(first: bigint, ...others: readonly bigint[]): bigint {
  let result = first;
  for (const one of others) if (one < result) result = one;
  return result;
}

/** The largest of the integers. */
export function largest(first: bigint, ...others: readonly bigint[]): bigint {
  let result = first;
  for (const one of others) if (one > result) result = one;
  return result;
}

/** Symbol numbers of a quadratic monomial are packed into one safe integer. */
const SYMBOL_LIMIT = 2 ** 26;

/** The symbols of one proof, by number from 1 on. */
export class Symbols {
  readonly #ranges: Range[] = [{ low: 0n, high: 0n }];

  /** A new symbol that stands for any integer of the range. */
  create(range: Range): Polynomial {
    if (this.#ranges.length >= SYMBOL_LIMIT) throw new Error('too many symbols');
    this.#ranges.push(range);
    return { constant: 0n, terms: new Map([[this.#ranges.length - 1, 1n]]), degree: 1 };
  }

  #rangeOf(symbol: number): Range {
    const range = this.#ranges[symbol];
    if (range === undefined) throw new Error(`no symbol ${symbol}`);
    return range;
  }

  #monomialRange(monomial: number): Range {
    if (monomial < SYMBOL_LIMIT) return this.#rangeOf(monomial);
    const one = this.#rangeOf(Math.floor(monomial / SYMBOL_LIMIT));
    const other = this.#rangeOf(monomial % SYMBOL_LIMIT);
    if (one.low >= 0n && other.low >= 0n) return { low: one.low * other.low, high: one.high * other.high };
    const corners = [one.low * other.low, one.low * other.high, one.high * other.low, one.high * other.high] as const;
    return { low: smallest(...corners), high: largest(...corners) };
  }

  /** The range of a polynomial, each of whose monomials takes its extremes independently of the others. */
  rangeOf(polynomial: Polynomial): Range {
    let { constant: low, constant: high } = polynomial;
    for (const [monomial, factor] of polynomial.terms) {
      const range = this.#monomialRange(monomial);
      low += factor * (factor > 0n ? range.low : range.high);
      high += factor * (factor > 0n ? range.high : range.low);
    }
    return { low, high };
  }
}

/** constant + Σ factor · monomial; no factor is zero. */
export interface Polynomial {
  readonly constant: bigint;
  readonly terms: ReadonlyMap<number, bigint>;
  readonly degree: 0 | 1 | 2;
}

function degreeOf(terms: ReadonlyMap<number, bigint>): 0 | 1 | 2 {
  let degree: 0 | 1 = 0;
  for (const monomial of terms.keys()) {
    if (monomial >= SYMBOL_LIMIT) return 2;
    degree = 1;
  }
  return degree;
}

const NO_TERMS: ReadonlyMap<number, bigint> = new Map();

/** A polynomial without symbols. */
export function constantPolynomial(constant: bigint): Polynomial {
  return { constant, terms: NO_TERMS, degree: 0 };
}

/** a + factor · b. */
export function addScaled(a: Polynomial, b: Polynomial, factor: bigint): Polynomial {
  const constant = a.constant + factor * b.constant;
  if (b.degree === 0) return { ...a, constant };
  const terms = new Map(a.terms);
  for (const [monomial, value] of b.terms) {
    const sum = (terms.get(monomial) ?? 0n) + factor * value;
    if (sum === 0n) terms.delete(monomial);
    else terms.set(monomial, sum);
  }
  return { constant, terms, degree: degreeOf(terms) };
}

/** factor · a. */
export function scale(a: Polynomial, factor: bigint): Polynomial {
  if (factor === 0n) return constantPolynomial(0n);
  const terms = new Map<number, bigint>();
  for (const [monomial, value] of a.terms) terms.set(monomial, value * factor);
  return { constant: a.constant * factor, terms, degree: a.degree };
}

/** a · b, for polynomials whose degrees add up to at most two. */
export function multiply(a: Polynomial, b: Polynomial): Polynomial {
  if (a.degree === 0) return scale(b, a.constant);
  if (b.degree === 0) return scale(a, b.constant);
  if (a.degree + b.degree > 2) throw new Error('the product has too high a degree');
  const terms = new Map<number, bigint>();
  const put = (monomial: number, value: bigint) => {
    const sum = (terms.get(monomial) ?? 0n) + value;
    if (sum === 0n) terms.delete(monomial);
    else terms.set(monomial, sum);
  };
  for (const [one, first] of a.terms) {
    for (const [other, second] of b.terms) {
      put(one < other ? one * SYMBOL_LIMIT + other : other * SYMBOL_LIMIT + one, first * second);
    }
    if (b.constant !== 0n) put(one, first * b.constant);
  }
  if (a.constant !== 0n) for (const [other, second] of b.terms) put(other, second * a.constant);
  return { constant: a.constant * b.constant, terms, degree: 2 };
}
