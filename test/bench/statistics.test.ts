import { expect, test } from 'vitest';
import { largestT, T_LIMIT, welchT } from '../../bench/leaks/welch.mjs';
import { orderOfRound } from '../../bench/measure/rounds.mjs';
import { quantile, ratioPerRound, spread } from '../../bench/measure/statistics.mjs';

test('a quantile lies between the values around it', () => {
  expect(quantile([4, 1, 3, 2], 0)).toBe(1);
  expect(quantile([4, 1, 3, 2], 0.5)).toBe(2.5);
  expect(quantile([4, 1, 3, 2], 1)).toBe(4);
  expect(() => quantile([], 0.5)).toThrow(RangeError);
});

test('one disturbed round moves neither median nor quartiles', () => {
  const calm = [10, 11, 12, 13, 14, 15, 16];
  expect(spread([...calm.slice(0, -1), 9_000])).toEqual(spread(calm));
});

test('a ratio is taken within each round, so that a slow spell of the machine cancels out', () => {
  const ours = [10, 10, 50, 50, 10];
  const theirs = ours.map((time) => time * 2);
  expect(ratioPerRound(theirs, ours)).toEqual({ median: 2, low: 2, high: 2 });
  expect(() => ratioPerRound([1], [1, 2])).toThrow(RangeError);
});

test('every round has every contender once, and the one that starts changes', () => {
  const rounds = [0, 1, 2, 3, 4, 5].map((round) => orderOfRound(round, 5));
  for (const order of rounds) expect([...order].sort()).toEqual([0, 1, 2, 3, 4]);
  expect(new Set(rounds.map((order) => order[0])).size).toBeGreaterThan(2);
});

test("Welch's t is that of a worked example", () => {
  // Variances 2.5 and 10, means 3 and 6: t = -3 / sqrt(2.5/5 + 10/5).
  expect(welchT([1, 2, 3, 4, 5], [2, 4, 6, 8, 10])).toBeCloseTo(-3 / Math.sqrt(2.5), 12);
});

test('a difference between classes is found below a tail that hides it, and none where there is none', () => {
  const times = (shift: number) =>
    Array.from({ length: 2_000 }, (_, index) => (index % 50 === 0 ? 1e6 * (index % 7) : 100 + (index % 11) + shift));
  expect(largestT({ fixed: times(0), random: times(2) })).toBeGreaterThan(T_LIMIT);
  expect(largestT({ fixed: times(0), random: times(0) })).toBeLessThan(T_LIMIT);
});
