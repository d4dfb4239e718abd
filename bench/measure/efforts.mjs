/**
 * How long a measurement may take: `quick` for a look (under a minute for everything), `full` for figures to publish.
 *
 * @module
 */

/** @type {Readonly<Record<'quick' | 'full', import('../types.js').Effort>>} */
export const EFFORTS = {
  quick: {
    name: 'quick',
    rounds: 11,
    minimumRounds: 3,
    sliceMs: 4,
    warmUpMs: 30,
    caseBudgetMs: 350,
    jobSizes: [10, 100],
  },
  full: {
    name: 'full',
    rounds: 151,
    minimumRounds: 7,
    sliceMs: 6,
    warmUpMs: 150,
    caseBudgetMs: 12_000,
    jobSizes: [10, 100, 1_000, 10_000],
  },
};
