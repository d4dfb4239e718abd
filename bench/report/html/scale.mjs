/**
 * Logarithmic axes: ratios and growth are read in factors.
 *
 * @module
 */

/**
 * @param {number} from smallest value, above 0
 * @param {number} to largest value
 * @param {number} start coordinate of `from`
 * @param {number} end coordinate of `to`
 * @returns {(value: number) => number}
 */
export function logScale(from, to, start, end) {
  const span = Math.log(to) - Math.log(from) || 1;
  return (value) => start + ((Math.log(value) - Math.log(from)) / span) * (end - start);
}

/**
 * Round values for the marks of a logarithmic axis: 1, 2 and 5 times powers of ten, or powers of ten alone when they
 * would crowd.
 *
 * @param {number} from
 * @param {number} to
 * @returns {number[]} those within the range
 */
export function logTicks(from, to) {
  const decades = Math.log10(to / from);
  const steps = decades > 3 ? [1] : [1, 2, 5];
  const ticks = [];
  for (let power = Math.floor(Math.log10(from)); power <= Math.ceil(Math.log10(to)); power++) {
    for (const step of steps) {
      const tick = Number(`${step}e${power}`);
      if (tick >= from * 0.999 && tick <= to * 1.001) ticks.push(tick);
    }
  }
  return ticks;
}
