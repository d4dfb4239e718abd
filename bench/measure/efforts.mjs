/**
 * How long a measurement may take: `quick` for a look (under a minute for everything), `full` for figures to publish.
 *
 * @module
 */

/** @type {Readonly<Record<'quick' | 'full', import('../types.js').Effort>>} */
export const EFFORTS = {
  quick: {
    name: 'quick',
    rounds: 15,
    minimumRounds: 5,
    sliceMs: 4,
    warmUpMs: 40,
    caseBudgetMs: 700,
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
