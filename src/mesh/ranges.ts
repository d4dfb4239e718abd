/**
 * Sets of positions in a stream, as the ranges that they form: `[from, to, from, to, …]`, ascending, each `to` excluded
 * and smaller than the next `from`. A stream without gaps is one range, however long it is.
 *
 * @module
 */

/** Pairs of `from` (included) and `to` (excluded), ascending, with a gap between neighbours. */
export type Ranges = readonly number[];

/** The ranges of a list of pairs in any order, joined where they touch. */
function joined(pairs: (readonly [number, number])[]): number[] {
  const ranges: number[] = [];
  for (const [from, to] of pairs.sort((a, b) => a[0] - b[0])) {
    if (from >= to) continue;
    const last = ranges.at(-1);
    if (last !== undefined && from <= last) ranges[ranges.length - 1] = Math.max(last, to);
    else ranges.push(from, to);
  }
  return ranges;
}

/** The ranges as pairs. */
export function pairsOf(ranges: Ranges): (readonly [number, number])[] {
  const pairs: (readonly [number, number])[] = [];
  for (let i = 0; i + 1 < ranges.length; i += 2) pairs.push([ranges[i] as number, ranges[i + 1] as number]);
  return pairs;
}

/** The set with the positions from `from` to before `to`. */
export function withRange(ranges: Ranges, from: number, to: number): Ranges {
  const last = ranges.at(-1);
  // The common case: the next message of a stream.
  if (last === from && from < to) return [...ranges.slice(0, -1), to];
  return joined([...pairsOf(ranges), [from, to]]);
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
  return joined(pairsOf(ranges).map(([from, to]) => [from, Math.min(to, end)] as const));
}

/** Whether the numbers are ranges as they must be. */
export function areRanges(numbers: readonly number[]): boolean {
  return numbers.length % 2 === 0 && numbers.every((number, i) => i === 0 || number > (numbers[i - 1] as number));
}
