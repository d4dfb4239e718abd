/**
 * Who is faster, and whether the difference is more than noise.
 *
 * @module
 */

/**
 * @param {import('../types.js').Spread} ratio the peer's time over ours
 * @returns {'ours' | 'even' | 'peer'} `even` if 1 lies within the middle half of the rounds
 */
export function verdictOf(ratio) {
  if (ratio.low > 1) return 'ours';
  return ratio.high < 1 ? 'peer' : 'even';
}

/** A process that measures alone gets more than this of a processor. */
const UNDISTURBED_SHARE = 0.85;

/** What to say about a run on a busy machine. */
export const BUSY_WARNING =
  'The machine was busy with other work: long calls look slower than they are. Measure again when it is idle.';

/**
 * Whether other programs took so much of the processor that the figures suffer.
 *
 * @param {import('../types.js').Results} results
 */
export function isBusy({ processorShare }) {
  return processorShare !== null && processorShare < UNDISTURBED_SHARE;
}

/**
 * A case's title, with its size where it has one.
 *
 * @param {import('../types.js').CaseResult} result
 */
function caseName({ title, size, item }) {
  return size === undefined ? title : `${title}, ${size.toLocaleString('en')} ${item}s`;
}

/**
 * The comparisons that a peer wins, worst first.
 *
 * @param {readonly import('../types.js').CaseResult[]} cases
 */
export function peerWins(cases) {
  return cases
    .flatMap((result) =>
      result.contenders.flatMap(({ id, label, ratio }) =>
        ratio !== undefined && !id.startsWith('arborist') && verdictOf(ratio) === 'peer'
          ? [{ title: caseName(result), label, ratio: ratio.median }]
          : [],
      ),
    )
    .sort((a, b) => a.ratio - b.ratio);
}
