/**
 * The few statistics that the report rests on: medians and quartiles, because a busy machine disturbs single rounds a
 * lot and most rounds not at all.
 *
 * @module
 */

/**
 * The quantile of a series by linear interpolation between its order statistics.
 *
 * @param {readonly number[]} values at least one
 * @param {number} fraction from 0 to 1
 */
export function quantile(values, fraction) {
  if (values.length === 0) throw new RangeError('a quantile needs at least one value');
  const sorted = [...values].sort((a, b) => a - b);
  const position = (sorted.length - 1) * fraction;
  const below = sorted[Math.floor(position)] ?? 0;
  const above = sorted[Math.ceil(position)] ?? below;
  return below + (above - below) * (position - Math.floor(position));
}

/**
 * Median and middle half.
 *
 * @param {readonly number[]} values at least one
 * @returns {import('../types.js').Spread}
 */
export function spread(values) {
  return { median: quantile(values, 0.5), low: quantile(values, 0.25), high: quantile(values, 0.75) };
}

/**
 * How many times longer a peer took than we did: the quotient within each round first, so that whatever slows a whole
 * round cancels out, then the median of the quotients.
 *
 * @param {readonly number[]} peerRounds times of the peer, one a round
 * @param {readonly number[]} ourRounds our times in the same rounds
 * @returns {import('../types.js').Spread}
 */
export function ratioPerRound(peerRounds, ourRounds) {
  if (peerRounds.length !== ourRounds.length) throw new RangeError('both series must have the same rounds');
  return spread(peerRounds.map((time, round) => time / (ourRounds[round] ?? Number.NaN)));
}
