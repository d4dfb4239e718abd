/**
 * Points in the core against the curve in plain integers: encodings, sums, multiples of the base point, and both ways to
 * add up multiples of many points.
 *
 * @module
 */
import { beforeAll, describe, expect, it } from 'vitest';
import { type CompiledCore, compileCore } from '../support/compile-core.js';
import {
  add,
  BASE_POINT,
  decodePoint,
  encodePoint,
  GROUP_ORDER as L,
  multiply,
  NEUTRAL,
  negate,
  type ReferencePoint,
  TORSION_POINTS,
} from '../support/edwards-reference.js';
import { integerFromBytes, integerToBytes } from '../support/little-endian.js';
import { SeededRandom } from '../support/seeded-random.js';

const P = 2n ** 255n - 19n;
const POINT_SIZE = 160;
const random = new SeededRandom(1984);

function randomScalar(): bigint {
  return integerFromBytes(random.bytes(32)) % L;
}

/** A random point, often of mixed order. */
function randomPoint(): ReferencePoint {
  return add(multiply(randomScalar(), BASE_POINT), random.pick(TORSION_POINTS));
}

/** Points among which every special case of an addition occurs. */
const SPECIAL: readonly ReferencePoint[] = [
  ...TORSION_POINTS,
  BASE_POINT,
  negate(BASE_POINT),
  add(BASE_POINT, TORSION_POINTS[1] ?? NEUTRAL),
];

describe('points in the core', () => {
  let core: CompiledCore;
  const slot = (index: number) => core.window + index * POINT_SIZE;
  const bytesAt = () => core.window + 65536;
  const run = (name: string, ...values: number[]) => core.call(name, ...values);

  function decode(index: number, encoding: Uint8Array): boolean {
    core.memory.set(encoding, bytesAt());
    return run('pointDecode', slot(index), bytesAt()) !== 0;
  }

  function encoded(index: number): Uint8Array {
    run('pointEncode', bytesAt(), slot(index));
    return core.memory.slice(bytesAt(), bytesAt() + 32);
  }

  function load(index: number, point: ReferencePoint): void {
    expect(decode(index, encodePoint(point))).toBe(true);
  }

  beforeAll(async () => {
    core = await compileCore();
  });

  it('decodes exactly the canonical encodings of points', () => {
    const candidates: Uint8Array[] = [];
    for (let y = P - 3n; y < 2n ** 255n; y++) candidates.push(integerToBytes(y), integerToBytes(y + 2n ** 255n));
    for (let y = 0n; y < 20n; y++) candidates.push(integerToBytes(y), integerToBytes(y + 2n ** 255n));
    for (const high of [2n ** 64n, 2n ** 128n, 2n ** 192n]) candidates.push(integerToBytes(P + 5n - high));
    for (let round = 0; round < 300; round++) candidates.push(random.bytes(32).slice());
    for (const candidate of candidates) {
      const expected = decodePoint(candidate);
      expect(decode(0, candidate)).toBe(expected !== null);
      if (expected !== null) expect(encoded(0)).toEqual(candidate);
    }
  });

  it('decodes two encodings at once, each with its own verdict', () => {
    const good = [encodePoint(randomPoint()), encodePoint(randomPoint())] as const;
    const bad = integerToBytes(P);
    for (const [first, second, verdict] of [
      [good[0], good[1], 3],
      [bad, good[1], 2],
      [good[0], bad, 1],
      [bad, bad, 0],
    ] as const) {
      core.memory.set(first, bytesAt());
      core.memory.set(second, bytesAt() + 32);
      expect(run('pointDecodeTwo', slot(0), slot(1), bytesAt(), bytesAt() + 32)).toBe(verdict);
      if (verdict & 1) expect(encoded(0)).toEqual(first);
      core.memory.set(second, bytesAt() + 32);
      if (verdict & 2) expect(encoded(1)).toEqual(second);
    }
  });

  it('encodes two points at once', () => {
    load(0, randomPoint());
    load(1, randomPoint());
    run('pointDouble', slot(0), slot(0));
    run('pointDouble', slot(1), slot(1));
    const expected = [encoded(0), encoded(1)];
    run('pointEncodeTwo', bytesAt(), bytesAt() + 32, slot(0), slot(1));
    expect(core.memory.slice(bytesAt(), bytesAt() + 32)).toEqual(expected[0]);
    expect(core.memory.slice(bytesAt() + 32, bytesAt() + 64)).toEqual(expected[1]);
  });

  it('adds, subtracts, doubles and negates all pairs of special points', () => {
    for (const p of SPECIAL) {
      for (const q of SPECIAL) {
        load(0, p);
        load(1, q);
        run('addendFromPoint', slot(2), slot(1));
        run('pointAdd', slot(3), slot(0), slot(2));
        expect(encoded(3)).toEqual(encodePoint(add(p, q)));
        run('pointSubtract', slot(3), slot(0), slot(2));
        expect(encoded(3)).toEqual(encodePoint(add(p, negate(q))));
      }
      run('pointDouble', slot(3), slot(0));
      expect(encoded(3)).toEqual(encodePoint(add(p, p)));
      run('pointNegate', slot(3), slot(0));
      expect(encoded(3)).toEqual(encodePoint(negate(p)));
    }
  });

  it('tells the identity and points of small order from others', () => {
    for (const [index, point] of TORSION_POINTS.entries()) {
      load(0, point);
      expect(run('pointIsIdentity', slot(0)) !== 0).toBe(index === 0);
      expect(run('pointIsSmallOrder', slot(0))).toBe(1);
      load(0, add(point, BASE_POINT));
      expect(run('pointIsSmallOrder', slot(0))).toBe(0);
      run('pointTimesEight', slot(0), slot(0));
      expect(encoded(0)).toEqual(encodePoint(multiply(8n, BASE_POINT)));
    }
  });

  /** Scalars with the digits at both ends, and random ones. */
  function baseScalars(): bigint[] {
    const scalars = [0n, 1n, 2n, 15n, 16n, 17n, 31n, 32n, 33n, L - 1n, L - 2n, L - 16n, L - 17n, L - 33n];
    for (let round = 0; round < 30; round++) scalars.push(randomScalar());
    return scalars;
  }

  it('multiplies the base point by secret scalars', () => {
    for (const scalar of baseScalars()) {
      core.memory.set(integerToBytes(scalar), bytesAt());
      run('baseMultiply', slot(0), bytesAt());
      expect(encoded(0)).toEqual(encodePoint(multiply(scalar, BASE_POINT)));
    }
  });

  it('multiplies the base point by two secret scalars at once, each in its own lane', () => {
    const scalars = baseScalars();
    for (const [i, first] of scalars.entries()) {
      const second = scalars[(5 * i + 3) % scalars.length] ?? 0n;
      core.memory.set(integerToBytes(first), bytesAt());
      core.memory.set(integerToBytes(second), bytesAt() + 32);
      run('baseMultiplyTwo', slot(0), slot(1), bytesAt(), bytesAt() + 32);
      expect(encoded(0)).toEqual(encodePoint(multiply(first, BASE_POINT)));
      expect(encoded(1)).toEqual(encodePoint(multiply(second, BASE_POINT)));
    }
  });

  /** Random terms: a few with scalars and points that are special. */
  function randomTerms(count: number): { scalar: bigint; point: ReferencePoint }[] {
    return Array.from({ length: count }, (_, i) => ({
      scalar: [0n, 1n, L - 1n, 2n ** 252n][i] ?? randomScalar(),
      point: i % 3 === 0 ? random.pick(SPECIAL) : randomPoint(),
    }));
  }

  function expectedSum(terms: readonly { scalar: bigint; point: ReferencePoint }[]): Uint8Array {
    return encodePoint(terms.reduce((sum, { scalar, point }) => add(sum, multiply(scalar, point)), NEUTRAL));
  }

  it("adds up multiples by Straus's method", () => {
    for (const count of [0, 1, 2, 7, 8, 9, 20]) {
      const terms = randomTerms(count);
      run('strausStart', count);
      for (const [i, { scalar, point }] of terms.entries()) {
        load(0, point);
        const table = slot(1 + 8 * i);
        run('fillOddMultiples', table, slot(0), 8);
        core.memory.set(integerToBytes(scalar), bytesAt() + 64);
        run('strausTerm', table, bytesAt() + 64, 253, 5);
      }
      run('strausSum', slot(0));
      expect(encoded(0)).toEqual(expectedSum(terms));
    }
  });

  it('keeps odd multiples of the base point for each quarter of a scalar', () => {
    const scalar = randomScalar();
    core.memory.set(integerToBytes(scalar), bytesAt() + 64);
    run('strausStart', 4);
    for (let quarter = 0; quarter < 4; quarter++) {
      run('strausTerm', run('baseOddMultiples', quarter), bytesAt() + 64 + 8 * quarter, quarter < 3 ? 64 : 61, 8);
    }
    run('strausSum', slot(0));
    expect(encoded(0)).toEqual(encodePoint(multiply(scalar, BASE_POINT)));
  });

  it("adds up multiples by Pippenger's buckets", () => {
    for (const count of [0, 1, 2, 9, 40]) {
      const terms = randomTerms(count);
      run('bucketsStart');
      for (const [i, { scalar, point }] of terms.entries()) {
        load(1 + i, point);
        core.memory.set(integerToBytes(scalar), bytesAt() + 64);
        run('bucketsTerm', slot(1 + i), bytesAt() + 64);
      }
      run('bucketsSum', slot(0));
      expect(encoded(0)).toEqual(expectedSum(terms));
    }
  });
});
