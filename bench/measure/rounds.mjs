/**
 * Measures contenders against each other, interleaved: in every round each gets one slice of time, in an order that
 * changes from round to round, so that what disturbs the machine for a while disturbs them all.
 *
 * @module
 */

/** A round that takes seconds averages over its disturbances by itself: few of them do. */
const LONG_ROUND_MS = 4_000;
const ROUNDS_WHEN_LONG = 3;

/**
 * @param {readonly import('./stopwatch.mjs').Stopwatch[]} stopwatches
 * @param {import('../types.js').Effort} effort
 * @returns {Promise<number[][]>} nanoseconds per call: one series per contender, one figure per round
 */
export async function measureRounds(stopwatches, effort) {
  const roundMs = stopwatches.reduce((sum, stopwatch) => sum + stopwatch.sliceMs, 0);
  const affordable = Math.floor(effort.caseBudgetMs / roundMs);
  const atLeast = roundMs > LONG_ROUND_MS ? ROUNDS_WHEN_LONG : effort.minimumRounds;
  const rounds = Math.max(atLeast, Math.min(effort.rounds, affordable));
  const series = stopwatches.map(() => /** @type {number[]} */ ([]));
  for (let round = 0; round < rounds; round++) {
    for (const position of orderOfRound(round, stopwatches.length)) {
      const time = await stopwatches[position]?.slice();
      if (time !== undefined) series[position]?.push(time);
    }
  }
  return series;
}

/**
 * Rounds come in twos, one forwards and one backwards, so that nobody always follows the same predecessor; each two
 * start with another contender.
 *
 * @param {number} round counts from 0
 * @param {number} count number of contenders
 * @returns {number[]} the contenders' positions in the order of this round
 */
export function orderOfRound(round, count) {
  const order = Array.from({ length: count }, (_, position) => (position + (round >> 1)) % count);
  return round % 2 === 0 ? order : order.reverse();
}
