/**
 * Worst cases in numbers: the field functions of the built module, called directly, on limbs at the maxima that their documentation allows, against
 * plain integers. What the proof on ranges says of overflow, this says of the result.
 *
 * @module
 */
import { beforeAll, describe, expect, it } from 'vitest';
import { compiledBounds } from '../support/documented-bounds.js';
import { toHex } from '../support/hex.js';
import { EXTREME_INTEGERS, FIELD_PRIME } from '../support/limb-patterns.js';
import { LIMBS, PAIR_SIZE, readPairLane, writePairLane } from '../support/pairs.js';
import { SeededRandom } from '../support/seeded-random.js';
import { encodeModule, readBuiltCore } from '../support/wasm/module.js';

type Lanes = readonly [bigint, bigint];

function modulo(value: bigint): bigint {
  const remainder = value % FIELD_PRIME;
  return remainder < 0n ? remainder + FIELD_PRIME : remainder;
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  let square = modulo(base);
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % FIELD_PRIME;
    square = (square * square) % FIELD_PRIME;
  }
  return result;
}

const inverse = (a: bigint) => power(a, FIELD_PRIME - 2n);
const both = (operation: (a: bigint, b: bigint) => bigint) => (a: Lanes, b: Lanes) =>
  [operation(a[0], b[0]), operation(a[1], b[1])] as const;

/** What each function computes, lane by lane; parameters that are no pairs get the numbers of `OTHERS`. */
const EXPECTED: Readonly<Record<string, (a: Lanes, b: Lanes) => Lanes>> = {
  multiply: both((a, b) => a * b),
  square: both((a) => a * a),
  squareTimes: both((a) => a ** 8n),
  add: both((a, b) => a + b),
  subtract: both((a, b) => a - b),
  carry: both((a) => a),
  sumAndDifference: ([a0, a1]) => [a0 + a1, a0 - a1],
  swapLanes: ([a0, a1]) => [a1, a0],
  squareRootPower: both((a) => power(a, (FIELD_PRIME - 5n) / 8n)),
  invertFirst: ([a0]) => [inverse(a0), inverse(a0)],
};
const INLINED = ['squareTimes', 'swapLanes'];
const OTHERS: Readonly<Record<string, number>> = { count: 3 };

/** Limbs below the bound: all at the maximum, alternating, one alone, none, and random ones. */
function limbPatterns(bound: bigint, random: SeededRandom): number[][] {
  const maximum = Number(bound - 1n);
  const of = (limb: (i: number) => number) => Array.from({ length: LIMBS }, (_, i) => limb(i));
  return [
    of(() => maximum),
    of((i) => (i % 2 === 0 ? maximum : 0)),
    of((i) => (i % 2 === 1 ? maximum : 0)),
    of(() => maximum - 1),
    of(() => 0),
    ...Array.from({ length: LIMBS }, (_, full) => of((i) => (i === full ? maximum : 0))),
    ...Array.from({ length: 20 }, () => of(() => random.below(maximum + 1))),
  ];
}

describe('the compiled field functions at their documented maxima', () => {
  const module = readBuiltCore();
  const tested = compiledBounds(module).filter(({ name }) => name in EXPECTED);
  let exports: WebAssembly.Exports;
  let memory: Uint8Array;
  let window: number;

  beforeAll(() => {
    for (const { name, index } of tested) module.exports.push({ name: `internal.${name}`, kind: 0, index });
    exports = new WebAssembly.Instance(new WebAssembly.Module(encodeModule(module))).exports;
    memory = new Uint8Array((exports.memory as WebAssembly.Memory).buffer);
    window = (exports.windowAddress as () => number)();
  });

  it('are all but those that the compiler inlines, which have their turn in their callers', () => {
    const expected = Object.keys(EXPECTED).filter((name) => !INLINED.includes(name));
    expect(tested.map(({ name }) => name).sort()).toEqual(expected.sort());
  });

  for (const { name, parameters, inputs } of tested) {
    it(`${name} gives the right element for every combination of extreme limbs`, () => {
      const random = new SeededRandom(name.length);
      const addresses = parameters.map((parameter, i) => OTHERS[parameter] ?? window + i * PAIR_SIZE);
      const address = (parameter: string) => addresses[parameters.indexOf(parameter)] ?? window + 10 * PAIR_SIZE;
      const patternsOf = (parameter: string) => limbPatterns(inputs.get(parameter) ?? 1n, random);
      const secondPatterns = inputs.has('b') ? patternsOf('b') : [Array<number>(LIMBS).fill(0)];
      for (const a of patternsOf('a')) {
        for (const b of secondPatterns) {
          // The lanes get different elements: what one holds must not reach the other.
          [a, [...a].reverse()].forEach((limbs, lane) => void writePairLane(memory, address('a'), lane, limbs));
          [b, [...b].reverse()].forEach((limbs, lane) => void writePairLane(memory, address('b'), lane, limbs));
          const operand = (parameter: string): Lanes => [
            readPairLane(memory, address(parameter), 0),
            readPairLane(memory, address(parameter), 1),
          ];
          const expected = EXPECTED[name]?.(operand('a'), operand('b')).map(modulo);
          (exports[`internal.${name}`] as (...values: number[]) => void)(...addresses);
          expect(operand('out'), `a = ${a}, b = ${b}`).toEqual(expected);
        }
      }
    });
  }

  it('invertFirst inverts every extreme element, and 0 to 0', () => {
    const invertFirst = exports['internal.invertFirst'] as (out: number, a: number) => void;
    const random = new SeededRandom(590);
    const elements = [
      ...EXTREME_INTEGERS,
      ...Array.from({ length: 3000 }, () => BigInt(`0x${toHex(random.bytes(32))}`) >> 1n),
    ];
    for (const element of elements) {
      const limbs = Array.from({ length: LIMBS }, (_, i) => Number((element >> BigInt(29 * i)) & (2n ** 29n - 1n)));
      writePairLane(memory, window, 0, limbs);
      invertFirst(window + PAIR_SIZE, window);
      const result = readPairLane(memory, window + PAIR_SIZE, 0);
      expect(modulo(result * element), `1 / ${element}`).toBe(modulo(element) === 0n ? 0n : 1n);
      expect(readPairLane(memory, window + PAIR_SIZE, 1)).toBe(result);
    }
  });
});
