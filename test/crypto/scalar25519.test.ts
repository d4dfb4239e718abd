/**
 * Scalars modulo L in the core against plain integers: reduction, multiplication, digits, and half-size fractions.
 *
 * @module
 */
import { beforeAll, describe, expect, it } from 'vitest';
import { type CompiledCore, compileCore } from '../support/compile-core.js';
import { GROUP_ORDER as L } from '../support/edwards-reference.js';
import { integerFromBytes, integerToBytes } from '../support/little-endian.js';
import { SeededRandom } from '../support/seeded-random.js';

const random = new SeededRandom(252);

/** A number below 2^bits: random, all ones, or next to a multiple of L. */
function someNumber(bits: number): bigint {
  const limit = 2n ** BigInt(bits);
  const value = integerFromBytes(random.bytes(bits / 8));
  switch (random.below(6)) {
    case 0:
      return limit - 1n - BigInt(random.below(3));
    case 1: {
      const near = L * (value / L) + BigInt(random.below(3)) - 1n;
      return near < 0n ? 0n : near;
    }
    case 2:
      return value >> BigInt(random.below(bits));
    default:
      return value;
  }
}

describe('scalars in the core', () => {
  let core: CompiledCore;

  beforeAll(async () => {
    core = await compileCore();
  });

  const put = (offset: number, value: bigint, length = 32) =>
    core.memory.set(integerToBytes(value, length), core.window + offset);
  const get = (offset: number, length = 32) =>
    integerFromBytes(core.memory.slice(core.window + offset, core.window + offset + length));
  const run = (name: string, ...values: number[]) => core.call(name, ...values);

  it('reduces any 512-bit number modulo L', () => {
    for (let round = 0; round < 5000; round++) {
      const value = someNumber(512);
      put(0, value, 64);
      run('scalarReduceWide', core.window + 64, core.window);
      expect(get(64)).toBe(value % L);
    }
  });

  it('multiplies and adds any 256-bit numbers modulo L', () => {
    for (let round = 0; round < 5000; round++) {
      const [a, b, c] = [someNumber(256), someNumber(256), someNumber(256)];
      put(0, a);
      put(32, b);
      put(64, c);
      const { window } = core;
      run('scalarMultiplyAdd', window + 96, window, window + 32, window + 64);
      expect(get(96)).toBe((a * b + c) % L);
      run('scalarMultiply', window + 96, window, window + 32);
      expect(get(96)).toBe((a * b) % L);
    }
  });

  it('takes numbers below L for canonical, and no others', () => {
    const isCanonical = (value: bigint) => {
      put(0, value);
      return run('scalarIsCanonical', core.window) !== 0;
    };
    for (const value of [0n, 1n, L - 2n ** 32n, L - 1n]) expect(isCanonical(value)).toBe(true);
    for (const value of [L, L + 1n, L + 2n ** 32n, 2n * L, 2n ** 255n, 2n ** 256n - 1n])
      expect(isCanonical(value)).toBe(false);
  });

  it('recodes a scalar into 51 odd digits from -31 to 31 in base 32, adding L to an even one', () => {
    const special = [0n, 1n, 2n, L - 1n, L - 2n, L >> 1n];
    for (let round = 0; round < 2000; round++) {
      const scalar = special[round] ?? someNumber(256) % L;
      put(0, scalar);
      run('oddDigits', core.window + 32, core.window);
      const digits = get(32);
      let sum = 0n;
      for (let i = 0n; i < 51n; i++) sum += (2n * ((digits >> (5n * i)) & 31n) - 31n) << (5n * i);
      expect(digits >> 255n).toBe(0n);
      expect(sum).toBe(scalar % 2n === 0n ? scalar + L : scalar);
    }
  });

  it('writes non-adjacent forms of every width and length that is used', () => {
    for (const [bits, width] of [
      [253, 8],
      [253, 5],
      [128, 8],
      [128, 4],
      [127, 5],
      [125, 8],
      [64, 5],
      [61, 8],
    ] as const) {
      for (let round = 0; round < 60; round++) {
        const value = someNumber(256) & (2n ** BigInt(bits) - 1n);
        put(0, value);
        put(32, someNumber(256));
        core.memory.fill(0, core.window + 64, core.window + 64 + 257);
        const length = run('scalarToWnaf', core.window + 64, 1, core.window, bits, width);
        const digits = new Int8Array(core.memory.slice(core.window + 64, core.window + 64 + bits + 1).buffer);
        let sum = 0n;
        let last = -width;
        for (const [position, digit] of digits.entries()) {
          if (digit === 0) continue;
          expect(digit & 1).toBe(1);
          expect(Math.abs(digit)).toBeLessThan(2 ** (width - 1));
          expect(position - last).toBeGreaterThanOrEqual(width);
          last = position;
          sum += BigInt(digit) << BigInt(position);
        }
        expect(sum).toBe(value);
        expect(length).toBe(last < 0 ? 0 : last + 1);
      }
    }
  });

  it('finds a fraction of half-size numbers for every scalar', () => {
    const special = [
      0n,
      1n,
      2n,
      L - 1n,
      L - 2n,
      L / 2n,
      L / 2n + 1n,
      2n ** 126n,
      2n ** 127n - 1n,
      2n ** 127n,
      2n ** 128n,
    ];
    for (let quotient = 3n; quotient < 60n; quotient++) special.push(L / quotient, L / quotient + 1n);
    for (let bit = 0n; bit < 253n; bit++) special.push(2n ** bit, L - 2n ** bit);
    for (let round = 0; round < 5000; round++) special.push(someNumber(256));
    for (const scalar of special.map((value) => ((value % L) + L) % L)) {
      put(0, scalar);
      const negative = run('halveScalar', core.window + 32, core.window + 48, core.window) !== 0;
      const u = get(32, 16);
      const v = get(48, 16);
      expect(u < 2n ** 127n && v > 0n && v < 2n ** 126n).toBe(true);
      expect(((negative ? -v : v) * scalar - u) % L === 0n).toBe(true);
    }
  });
});
