/**
 * Mission jobs, and other work, are measured at several sizes; here the cases of one job come together, so that growth can
 * be shown.
 *
 * @module
 */

/**
 * @typedef {object} Growth
 * @property {string} title
 * @property {string} item
 * @property {string | undefined} note
 * @property {readonly number[]} sizes
 * @property {string | undefined} sizeUnit what the sizes count, if not items
 * @property {readonly (number | undefined)[]} rounds how many rounds the figures of each size rest on
 * @property {readonly { id: string, label: string, points: readonly (import('../types.js').ContenderResult | undefined)[] }[]} contenders
 *   one point per size, `undefined` where there is no figure
 */

/**
 * @param {readonly import('../types.js').CaseResult[]} cases
 * @returns {Growth[]}
 */
export function growthOf(cases) {
  const sized = cases.filter(({ size }) => size !== undefined);
  const titles = [...new Set(sized.map(({ title }) => title))];
  return titles.map((title) => {
    const group = sized.filter((result) => result.title === title);
    const labels = new Map(group.flatMap(({ contenders }) => contenders.map(({ id, label }) => [id, label])));
    return {
      title,
      item: group[0]?.item ?? '',
      note: group[0]?.note,
      sizes: group.map(({ size }) => size ?? 0),
      sizeUnit: group[0]?.sizeUnit,
      rounds: group.map(roundsOf),
      contenders: [...labels].map(([id, label]) => ({
        id,
        label,
        points: group.map(({ contenders }) =>
          contenders.find((contender) => contender.id === id && contender.status === 'measured'),
        ),
      })),
    };
  });
}

/**
 * Whether the case is a mission job at one of its sizes: what it counts is what it works on, members or messages.
 *
 * @param {import('../types.js').CaseResult} result
 */
export function isMissionJob({ size, sizeUnit }) {
  return size !== undefined && sizeUnit === undefined;
}

/**
 * How many rounds a case's figures rest on: the same number for every contender.
 *
 * @param {import('../types.js').CaseResult} result
 */
export function roundsOf({ contenders }) {
  return contenders.find(({ rounds }) => rounds !== undefined)?.rounds?.length;
}

/**
 * `10,000`, or with what it counts: `100 MB`.
 *
 * @param {number} size
 * @param {string} [unit]
 */
export function sizeName(size, unit) {
  const number = size.toLocaleString('en');
  return unit === undefined ? number : `${number} ${unit}`;
}

/**
 * The heading of a table of times at several sizes: of what a time is, and what each size is called.
 *
 * @param {Growth} growth
 * @returns {string[]}
 */
export function growthHeading({ item, sizes, sizeUnit }) {
  return [`per ${item}, ${sizeUnit === undefined ? 'of' : 'at'}`, ...sizes.map((size) => sizeName(size, sizeUnit))];
}
