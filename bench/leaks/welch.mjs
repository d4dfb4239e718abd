/**
 * Statistics of the timing test, after Reparaz, Balasch and Verbauwhede, "Dude, is my code constant time?" (DATE 2017):
 * Welch's t-test between the times of two classes of inputs, on all measurements and on those below rising thresholds,
 * since the slow tail is mostly the machine's.
 *
 * @module
 */
import { quantile } from '../measure/statistics.mjs';

/** |t| above this is a difference for practical purposes; the paper's threshold. */
export const T_LIMIT = 4.5;
/** Part of the measurements that each cropping keeps. */
const CROPPINGS = [1, 0.99, 0.95, 0.9, 0.75, 0.5];
/** Fewer values than this of a class are too few to compare. */
const LEAST_VALUES = 10;

/** @typedef {{ fixed: number[], random: number[] }} Classes */

/**
 * Welch's t statistic of two samples with variances of their own.
 *
 * @param {readonly number[]} a at least two values
 * @param {readonly number[]} b at least two values
 */
export function welchT(a, b) {
  const [first, second] = [moments(a), moments(b)];
  const error = Math.sqrt(first.variance / a.length + second.variance / b.length);
  if (error === 0) return first.mean === second.mean ? 0 : Number.POSITIVE_INFINITY;
  return (first.mean - second.mean) / error;
}

/**
 * The largest |t| over all croppings. Thresholds come from both classes together, so that cropping favours neither.
 *
 * @param {Classes} times
 */
export function largestT({ fixed, random }) {
  const all = [...fixed, ...random];
  const statistics = CROPPINGS.flatMap((kept) => {
    const threshold = quantile(all, kept);
    const below = (/** @type {number} */ time) => time <= threshold;
    const [a, b] = [fixed.filter(below), random.filter(below)];
    // A cropping that leaves nearly nothing of one class says nothing.
    return Math.min(a.length, b.length) < LEAST_VALUES ? [] : [Math.abs(welchT(a, b))];
  });
  return Math.max(0, ...statistics);
}

/** @param {readonly number[]} values */
function moments(values) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, variance: squares / (values.length - 1) };
}
