/**
 * The arithmetic modulo 2^255 − 19 in lanes, function by function, against big integers: on random limbs and on the largest that the
 * documented bounds allow, where a missing carry shows.
 *
 * @module
 */
import { beforeAll, describe, expect, it } from 'vitest';
import { EXTREME_BYTES, EXTREME_INTEGERS, FIELD_PRIME } from '../support/limb-patterns.js';
import { integerFromBytes, integerToBytes } from '../support/little-endian.js';
import { LIMBS, limbOffset, PAIR_SIZE, readPairLane, writePairLane } from '../support/pairs.js';
import { SeededRandom } from '../support/seeded-random.js';
import { type FieldFunctions, loadFieldModule } from '../support/wasm/field-module.js';

/** Exclusive bounds of limbs, as `assembly/field25519.ts` names them. */
const REDUCED = 2 ** 29 + 2 ** 24;
const SUM = 2 * REDUCED;
const DIFFERENCE = 2 ** 30 + REDUCED;

const random = new SeededRandom(25519);
let field: FieldFunctions;
let memory: Uint8Array;
let a: number;
let b: number;
let out: number;

beforeAll(async () => {
  const loaded = await loadFieldModule();
  ({ field, memory } = loaded);
  [a, b, out] = [0, 1, 2].map((i) => loaded.free + i * PAIR_SIZE) as [number, number, number];
}, 120_000);

const modulo = (value: bigint) => ((value % FIELD_PRIME) + FIELD_PRIME) % FIELD_PRIME;

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  for (let rest = exponent, square = base; rest > 0n; rest >>= 1n, square = (square * square) % FIELD_PRIME) {
    if (rest & 1n) result = (result * square) % FIELD_PRIME;
  }
  return result;
}

/** Limb vectors below the bound: the extremes, then random ones with many extreme limbs. */
function limbVectors(bound: number, count = 150): number[][] {
  const top = bound - 1;
  const full = 2 ** 29 - 1;
  const fixed = [
    Array.from({ length: LIMBS }, () => top),
    Array.from({ length: LIMBS }, () => full),
    Array.from({ length: LIMBS }, () => 0),
    Array.from({ length: LIMBS }, (_, i) => (i % 2 === 0 ? top : 0)),
    Array.from({ length: LIMBS }, (_, i) => (i % 2 === 0 ? 0 : top)),
    ...Array.from({ length: LIMBS }, (_, one) => Array.from({ length: LIMBS }, (_, i) => (i === one ? top : 0))),
    ...Array.from({ length: LIMBS }, (_, one) => Array.from({ length: LIMBS }, (_, i) => (i === one ? 0 : top))),
    ...EXTREME_INTEGERS.map((value) =>
      Array.from({ length: LIMBS }, (_, i) => Number((value >> BigInt(29 * i)) & BigInt(full))),
    ),
  ];
  const drawn = Array.from({ length: count }, () =>
    Array.from({ length: LIMBS }, () => random.pick([top, full, 0, random.below(bound), random.below(bound)])),
  );
  return [...fixed, ...drawn];
}

function limbsOf(pair: number): number[] {
  const view = new DataView(memory.buffer);
  return [0, 1].flatMap((lane) =>
    Array.from({ length: LIMBS }, (_, limb) => view.getUint32(pair + limbOffset(lane, limb), true)),
  );
}

type Lanes = readonly [bigint, bigint];
const lanesOf = (pair: number): Lanes => [readPairLane(memory, pair, 0), readPairLane(memory, pair, 1)];

function expectPair(pair: number, expected: readonly bigint[], bound: number): void {
  expect(lanesOf(pair)).toEqual(expected.map(modulo));
  expect(Math.max(...limbsOf(pair))).toBeLessThan(bound);
  expect(memory.subarray(pair + 72, pair + PAIR_SIZE)).toEqual(new Uint8Array(8));
}

/** Sets the pair at `address` to each vector in turn in lane 0, with another one beside it. */
function* pairsAt(address: number, bound: number): Generator<Lanes> {
  const vectors = limbVectors(bound);
  for (const first of vectors) {
    const second = random.pick(vectors);
    writePairLane(memory, address, 0, first);
    writePairLane(memory, address, 1, second);
    yield lanesOf(address);
  }
}

/** Sets both operands: each vector for a meets the same place's, then the largest, then a random vector for b. */
function* operands(boundA: number, boundB: number): Generator<readonly [Lanes, Lanes]> {
  const vectors = limbVectors(boundB);
  const largest = vectors[0] ?? [];
  let i = 0;
  for (const lanes of pairsAt(a, boundA)) {
    for (const first of [vectors[i] ?? largest, largest, random.pick(vectors)]) {
      writePairLane(memory, b, 0, first);
      writePairLane(memory, b, 1, random.pick(vectors));
      yield [lanes, lanesOf(b)];
    }
    i++;
  }
}

describe('multiplication modulo 2^255 − 19, in lanes', () => {
  it('is right for any sum times any difference, the largest operands it promises to take', () => {
    for (const [[a0, a1], [b0, b1]] of operands(SUM, DIFFERENCE)) {
      field.multiply(out, a, b);
      expectPair(out, [a0 * b0, a1 * b1], REDUCED);
    }
  });

  it('is right for two sums, and lets the result replace an operand', () => {
    for (const [[a0, a1], [b0, b1]] of operands(SUM, SUM)) {
      field.multiply(b, a, b);
      expectPair(b, [a0 * b0, a1 * b1], REDUCED);
      field.multiply(b, b, a);
      expectPair(b, [a0 * a0 * b0, a1 * a1 * b1], REDUCED);
    }
  });

  it('squares any sum, in place too', () => {
    for (const [a0, a1] of pairsAt(a, SUM)) {
      field.square(out, a);
      expectPair(out, [a0 * a0, a1 * a1], REDUCED);
      field.square(a, a);
      expectPair(a, [a0 * a0, a1 * a1], REDUCED);
    }
  });

  it('squares repeatedly', () => {
    for (const [a0, a1] of pairsAt(a, SUM)) {
      field.squareTimes(out, a, 5);
      expectPair(out, [power(a0, 32n), power(a1, 32n)], REDUCED);
    }
  });

  it('takes the power 2^252 − 3', () => {
    let seen = 0;
    for (const [a0, a1] of pairsAt(a, REDUCED)) {
      if (seen++ % 8 !== 0) continue;
      field.squareRootPower(out, a);
      const exponent = 2n ** 252n - 3n;
      expectPair(out, [power(a0, exponent), power(a1, exponent)], REDUCED);
    }
  });
});

describe('sums, differences and lanes', () => {
  it('adds and subtracts reduced pairs within the documented bounds', () => {
    for (const [[a0, a1], [b0, b1]] of operands(REDUCED, REDUCED)) {
      field.add(out, a, b);
      expectPair(out, [a0 + b0, a1 + b1], SUM);
      field.subtract(out, a, b);
      expectPair(out, [a0 - b0, a1 - b1], DIFFERENCE);
    }
  });

  it('forms sum and difference of the two lanes', () => {
    for (const [a0, a1] of pairsAt(a, REDUCED)) {
      field.sumAndDifference(out, a);
      expectPair(out, [a0 + a1, a0 - a1], DIFFERENCE);
    }
  });

  it('carries limbs of up to 32 bits', () => {
    for (const [a0, a1] of pairsAt(a, 2 ** 32)) {
      field.carry(out, a);
      expectPair(out, [a0, a1], 2 ** 29 + 2 ** 14);
      field.carry(a, a);
      expectPair(a, [a0, a1], 2 ** 29 + 2 ** 14);
    }
  });

  it('multiplies limbs of up to 31 bits by factors of up to 17', () => {
    for (const [a0, a1] of pairsAt(a, 2 ** 31)) {
      for (const factor of [0, 1, 121665, 2 ** 17 - 1]) {
        field.multiplySmall(out, a, factor);
        expectPair(out, [a0 * BigInt(factor), a1 * BigInt(factor)], 2 ** 29 + 2 ** 14);
      }
      field.multiplySmall(a, a, 121665);
      expectPair(a, [a0 * 121665n, a1 * 121665n], 2 ** 29 + 2 ** 14);
    }
  });

  it('exchanges, combines and selects lanes', () => {
    for (const [[a0, a1], [b0, b1]] of operands(DIFFERENCE, DIFFERENCE)) {
      field.swapLanes(out, a);
      expectPair(out, [a1, a0], DIFFERENCE);
      field.combine(out, a, b);
      expectPair(out, [a0, b1], DIFFERENCE);
      field.select(out, a, b, 0);
      expectPair(out, [a0, a1], DIFFERENCE);
      field.select(out, a, b, -1);
      expectPair(out, [b0, b1], DIFFERENCE);
    }
  });
});

describe('encodings of field elements', () => {
  it('reads every extreme encoding into one lane, without its top bit, and leaves the other lane alone', () => {
    for (const bytes of EXTREME_BYTES) {
      for (const lane of [0, 1]) {
        const other = limbVectors(REDUCED, 1).at(-1) ?? [];
        writePairLane(memory, a, 1 - lane, other);
        const before = readPairLane(memory, a, 1 - lane);
        memory.set(bytes, out);
        field.readElement(a, lane, out);
        expect(readPairLane(memory, a, lane)).toBe(modulo(integerFromBytes(bytes) % 2n ** 255n));
        expect(readPairLane(memory, a, 1 - lane)).toBe(before);
        expect(Math.max(...limbsOf(a))).toBeLessThan(REDUCED);
      }
    }
  });

  it('writes the one number below p, from limbs of up to 31 bits', () => {
    for (const lanes of pairsAt(a, 2 ** 31)) {
      lanes.forEach((value, lane) => {
        field.writeElement(out, a, lane);
        expect(memory.slice(out, out + 32)).toEqual(integerToBytes(value));
      });
    }
  });

  it('knows zero from every other string of 32 bytes, and equal strings from those that differ in one bit', () => {
    const bytes = random.bytes(32);
    memory.fill(0, a, a + 32);
    expect(field.isZero(a)).toBe(1);
    memory.set(bytes, b);
    memory.set(bytes, out);
    expect(field.areEqual(b, out)).toBe(1);
    for (let bit = 0; bit < 256; bit++) {
      const one = new Uint8Array(32).with(bit >> 3, 1 << (bit & 7));
      memory.set(one, a);
      expect(field.isZero(a)).toBe(0);
      memory.set(
        bytes.map((byte, i) => byte ^ (one[i] ?? 0)),
        out,
      );
      expect(field.areEqual(b, out)).toBe(0);
    }
  });
});
