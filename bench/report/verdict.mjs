/**
 * Who is faster, whether the difference is more than noise, and how far a run can be trusted.
 *
 * @module
 */
import { formatShare } from './format.mjs';
import { sizeName } from './growth.mjs';

/**
 * @param {import('../types.js').Spread} ratio the peer's time over ours
 * @returns {'ours' | 'even' | 'peer'} `even` if 1 lies within the middle half of the rounds
 */
export function verdictOf(ratio) {
  if (ratio.low > 1) return 'ours';
  return ratio.high < 1 ? 'peer' : 'even';
}

/** Where other work takes more than this share of the time, long calls show it. */
const MOST_LOST = 0.05;

/** What to say about a run on a busy machine. */
export const BUSY_WARNING =
  'The machine was busy with other work: long calls look slower than they are. Measure again when it is idle.';

/**
 * Whether other programs took so much of the processor that the figures suffer.
 *
 * @param {import('../types.js').Results} results
 */
export function isBusy({ lostShare }) {
  return lostShare !== null && lostShare > MOST_LOST;
}

/**
 * What other work took, in words.
 *
 * @param {import('../types.js').Results} results
 */
export function disturbanceText({ lostShare }) {
  if (lostShare === null) return 'what other work took is not known';
  return `other work took ${formatShare(lostShare)} of the time, where it took most`;
}

/**
 * A case's title, with its size where it has one.
 *
 * @param {import('../types.js').CaseResult} result
 */
function caseName({ title, size, sizeUnit, item }) {
  return size === undefined ? title : `${title}, ${sizeName(size, sizeUnit ?? `${item}s`)}`;
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
