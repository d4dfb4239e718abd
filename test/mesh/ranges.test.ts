/** Positions of a stream as ranges, beside plain sets of numbers. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { addRange, areRanges, below, pairsOf } from '../../src/mesh/ranges.js';

const span = fc.tuple(fc.nat(60), fc.nat(8)).map(([from, length]) => [from, from + length] as const);
const spans = fc.array(span, { maxLength: 40 });

function rangesOf(added: readonly (readonly [number, number])[]): number[] {
  const ranges: number[] = [];
  for (const [from, to] of added) addRange(ranges, from, to);
  return ranges;
}

const numbersFrom = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);
const setOf = (pairs: readonly (readonly [number, number])[]) =>
  [...new Set(pairs.flatMap(([from, to]) => numbersFrom(from, to)))].sort((a, b) => a - b);

test('positions that are added in any order are held once each, in the one form that their set has', () => {
  fc.assert(
    fc.property(spans, (added) => {
      const ranges = rangesOf(added);
      expect(areRanges(ranges)).toBe(true);
      expect(setOf(pairsOf(ranges))).toEqual(setOf(added));
    }),
  );
});

test('what lies below a position is what a set has below it', () => {
  fc.assert(
    fc.property(spans, fc.nat(70), (added, end) => {
      const cut = below(rangesOf(added), end);
      expect(areRanges(cut)).toBe(true);
      expect(setOf(pairsOf(cut))).toEqual(setOf(added).filter((number) => number < end));
    }),
  );
});

test('a hundred thousand gaps in a row are no more work each than one', () => {
  const ranges: number[] = [];
  for (let i = 0; i < 100_000; i++) addRange(ranges, 2 * i, 2 * i + 1);
  expect(ranges).toHaveLength(200_000);
  addRange(ranges, 1, 199_998);
  expect(ranges).toEqual([0, 199_999]);
});
