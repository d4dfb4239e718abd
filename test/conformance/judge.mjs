// @ts-check
/**
 * Judges what the runtimes reported: every check ran, every check passed, and every digest is the same everywhere.
 *
 * @module
 */

/** @typedef {import('./types.js').Cell} Cell */
/** @typedef {import('./types.js').RowResult} RowResult */

/**
 * @param {readonly RowResult[]} results
 * @param {import('./types.js').Listings} listings what each suite consists of, whatever a report says
 * @param {readonly string[]} required the ids of rows that must not be missing
 * @returns {{ areas: string[], rows: import('./types.js').JudgedRow[], passed: boolean }}
 */
export function judge(results, listings, required) {
  const reference = referenceDigests(results);
  const rows = results.map((result) => judgeRow(result, listings, required, reference));
  const ran = new Set(results.map(({ adapter }) => adapter.suite));
  const areas = ['conformance', 'refusal']
    .filter((suite) => ran.has(/** @type {import('./types.js').SuiteName} */ (suite)))
    .flatMap((suite) => listings[/** @type {import('./types.js').SuiteName} */ (suite)].map(({ name }) => name));
  return {
    areas,
    rows,
    passed: rows.some(({ verdict }) => verdict === 'passed') && !rows.some(({ verdict }) => verdict === 'failed'),
  };
}

/**
 * What every runtime is compared with: the digest of each check in the first runtime where it passed.
 *
 * @param {readonly RowResult[]} results
 * @returns {Map<string, { digest: string, title: string }>}
 */
function referenceDigests(results) {
  const reference = new Map();
  for (const result of results) {
    if (result.state !== 'ran') continue;
    for (const area of result.report.areas) {
      for (const { name, ok, digest } of area.checks) {
        const key = `${area.name}: ${name}`;
        if (ok && !reference.has(key)) reference.set(key, { digest, title: result.adapter.title });
      }
    }
  }
  return reference;
}

/**
 * @param {RowResult} result
 * @param {import('./types.js').Listings} listings
 * @param {readonly string[]} required
 * @param {ReturnType<typeof referenceDigests>} reference
 * @returns {import('./types.js').JudgedRow}
 */
function judgeRow(result, listings, required, reference) {
  const { adapter } = result;
  const { id, title } = adapter;
  const listing = listings[adapter.suite];
  if (result.state === 'missing') {
    const verdict = required.includes(id) ? 'failed' : 'missing';
    return {
      id,
      title,
      verdict,
      version: '',
      ms: 0,
      cells: [],
      problems: result.install.map((line) => `missing; install it with: ${line}`),
    };
  }
  if (result.state === 'broken') {
    const cells = listing.map(({ name, checks }) => ({ area: name, passed: 0, total: checks.length, digest: '' }));
    return { id, title, verdict: 'failed', version: '', ms: result.ms, cells, problems: [result.error] };
  }
  const { report, ms } = result;
  const judged = listing.map((area) => judgeArea(area, report, reference));
  const strangers = report.areas.filter(({ name }) => !listing.some((area) => area.name === name));
  const problems = [
    ...runtimeProblems(adapter.runtime, report.runtime),
    ...groupProblems(judged.flatMap(({ problems }) => problems)),
    ...strangers.map(({ name }) => `reported an area that is not in the suite: ${name}`),
  ];
  const verdict = problems.length === 0 ? 'passed' : 'failed';
  return { id, title, verdict, version: report.runtime.version, ms, cells: judged.map(({ cell }) => cell), problems };
}

/**
 * @param {import('./types.js').Adapter['runtime']} expected
 * @param {{ name: string, version: string }} actual
 */
function runtimeProblems(expected, actual) {
  const right = actual.name === expected.name && actual.version.startsWith(expected.version ?? '');
  return right
    ? []
    : [`ran in ${actual.name} ${actual.version} instead of ${expected.name} ${expected.version ?? ''}`.trim()];
}

/**
 * A check that is listed and not reported did not run, which is a failure.
 *
 * @param {import('arborist-mesh/conformance').AreaListing} listing
 * @param {import('arborist-mesh/conformance').ConformanceReport} report
 * @param {ReturnType<typeof referenceDigests>} reference
 * @returns {{ cell: Cell, problems: { check: string, what: string }[] }}
 */
function judgeArea({ name: area, checks }, report, reference) {
  const reported = report.areas.find(({ name }) => name === area);
  const problems = [];
  let passed = 0;
  for (const name of checks) {
    const check = reported?.checks.find((candidate) => candidate.name === name);
    const key = `${area}: ${name}`;
    const expected = reference.get(key);
    if (check === undefined) problems.push({ check: key, what: 'did not run' });
    else if (!check.ok) problems.push({ check: key, what: check.error ?? 'failed' });
    else if (expected !== undefined && check.digest !== expected.digest)
      problems.push({ check: key, what: `other bytes than in ${expected.title}` });
    else passed++;
  }
  const extra = (reported?.checks ?? []).filter((check) => !checks.includes(check.name));
  for (const { name } of extra) problems.push({ check: `${area}: ${name}`, what: 'reported, but not in the suite' });
  return { cell: { area, passed, total: checks.length, digest: reported?.digest ?? '' }, problems };
}

/**
 * One cause often fails many checks: it is told once, with all of them.
 *
 * @param {readonly { check: string, what: string }[]} problems
 */
function groupProblems(problems) {
  /** @type {Map<string, string[]>} */
  const groups = new Map();
  for (const { check, what } of problems) groups.set(what, [...(groups.get(what) ?? []), check]);
  return [...groups].map(([what, checks]) => `${checks.join('\n')}: ${what}`);
}
