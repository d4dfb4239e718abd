/**
 * Mission jobs are measured at several sizes; here the cases of one job come together, so that growth can be shown.
 *
 * @module
 */

/**
 * @typedef {object} Growth
 * @property {string} suite
 * @property {string} title
 * @property {string} item
 * @property {string | undefined} note
 * @property {readonly number[]} sizes
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
      suite: group[0]?.suite ?? '',
      title,
      item: group[0]?.item ?? '',
      note: group[0]?.note,
      sizes: group.map(({ size }) => size ?? 0),
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
