/**
 * Sets of positions in a stream, as the ranges that they form: `[from, to, from, to, …]`, ascending, each `to` excluded
 * and smaller than the next `from`. A stream without gaps is one range, however long it is.
 *
 * @module
 */

/** Pairs of `from` (included) and `to` (excluded), ascending, with a gap between neighbours. */
export type Ranges = readonly number[];

/** How many of the numbers, which ascend, lie before a position; with `orAt` that itself counts as before. */
function placeOf(numbers: Ranges, position: number, orAt: boolean): number {
  let [low, high] = [0, numbers.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const number = numbers[middle] as number;
    if (number < position || (orAt && number === position)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The ranges as pairs. */
export function pairsOf(ranges: Ranges): (readonly [number, number])[] {
  const pairs: (readonly [number, number])[] = [];
  for (let i = 0; i + 1 < ranges.length; i += 2) pairs.push([ranges[i] as number, ranges[i + 1] as number]);
  return pairs;
}

/**
 * Puts the positions from `from` to before `to` into the set. Whatever is added in ascending order goes to the end, and
 * costs the same however many ranges there are.
 */
export function addRange(ranges: number[], from: number, to: number): void {
  if (from >= to) return;
  const first = placeOf(ranges, from, false);
  const end = placeOf(ranges, to, true);
  // At an odd place stands a `to`: there the new range begins, or ends, inside of one that is there, or touches it.
  const begins = first % 2 === 0 ? [from] : [];
  const ends = end % 2 === 0 ? [to] : [];
  ranges.splice(first, end - first, ...begins, ...ends);
}

/** The positions of `a` that are not in `b`. */
export function withoutRanges(a: Ranges, b: Ranges): Ranges {
  const cuts = pairsOf(b);
  const left: number[] = [];
  for (const [from, to] of pairsOf(a)) {
    let at = from;
    for (const [cutFrom, cutTo] of cuts) {
      if (cutTo <= at) continue;
      if (cutFrom >= to) break;
      if (cutFrom > at) left.push(at, cutFrom);
      at = Math.max(at, cutTo);
    }
    if (at < to) left.push(at, to);
  }
  return left;
}

/** The positions below `end`. */
export function below(ranges: Ranges, end: number): Ranges {
  const place = placeOf(ranges, end, false);
  const before = ranges.slice(0, place);
  return place % 2 === 0 ? before : [...before, end];
}

/** Whether the numbers are ranges as they must be. */
export function areRanges(numbers: readonly number[]): boolean {
  return numbers.length % 2 === 0 && numbers.every((number, i) => i === 0 || number > (numbers[i - 1] as number));
}
