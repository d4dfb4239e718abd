/**
 * The README's tables: single operations in groups that have the same peers, and whole jobs.
 *
 * @module
 */
import { formatTime } from './format.mjs';
import { growthOf, roundsOf, sizeName } from './growth.mjs';
import {
  columnText,
  HPKE_JS,
  isCompared,
  LIBSODIUM,
  NOBLE,
  NODE_HASH,
  NODE_RAW_KEY,
  NODE_READY_KEYS,
  SHA256SUM,
} from './readme-columns.mjs';

/** @typedef {import('../types.js').CaseResult} CaseResult */
/** @typedef {import('./readme-columns.mjs').Column} Column */

/**
 * @typedef {object} Group
 * @property {readonly Column[]} columns
 * @property {boolean} namesItem whether the rows say what a time is of
 * @property {(cases: readonly CaseResult[]) => string} note
 */

/** Rows that rest on fewer rounds than this say so. */
export const MANY_ROUNDS = 50;

/** @type {Group} */
const KEYS_AND_CIPHERS = {
  columns: [LIBSODIUM, NODE_READY_KEYS, NODE_RAW_KEY, NOBLE],
  namesItem: false,
  note: () =>
    'The brackets say which key is raw: it comes, or goes, as bytes in each call, in the format that favours node:crypto ' +
    'most.',
};
/** @type {Group} */
const HPKE = {
  columns: [LIBSODIUM, NODE_READY_KEYS, NODE_RAW_KEY, HPKE_JS],
  namesItem: false,
  note: notesOf,
};
/** @type {Group} */
const HASHES = { columns: [LIBSODIUM, NODE_HASH, NOBLE, SHA256SUM], namesItem: true, note: notesOf };

const GROUPS = [KEYS_AND_CIPHERS, HPKE, HASHES];
/** The groups of suites; a suite that is not named here is in the first. */
const GROUP_OF = new Map([
  ['hpke', HPKE],
  ['sha256', HASHES],
  ['documents', HASHES],
  ['merkle', HASHES],
]);

/** The peers that whole jobs are compared with. */
const JOB_COLUMNS = [LIBSODIUM, NODE_READY_KEYS];

/**
 * @param {readonly CaseResult[]} cases those that are not measured at several sizes
 * @returns {string[]} paragraphs
 */
export function operationTables(cases) {
  return GROUPS.flatMap((group) => {
    const rows = cases.filter(
      ({ suite, contenders }) =>
        (GROUP_OF.get(suite) ?? KEYS_AND_CIPHERS) === group &&
        group.columns.some((column) => isCompared(contenders, column)),
    );
    if (rows.length === 0) return [];
    const heading = ['Operation', 'arborist-mesh', ...group.columns.map((column) => column.heading)];
    return [
      markdownTable(
        heading,
        rows.map((result) => operationRow(group, result)),
      ),
      group.note(rows),
    ].filter((paragraph) => paragraph !== '');
  });
}

/**
 * @param {Group} group
 * @param {CaseResult} result
 */
function operationRow({ columns, namesItem }, result) {
  const rounds = roundsOf(result) ?? 0;
  const name = [
    result.title,
    ...(namesItem ? [`per ${result.item}`] : []),
    ...(rounds < MANY_ROUNDS ? [`${rounds} rounds`] : []),
  ];
  const ours = result.contenders[0]?.time;
  return [
    name.join(', '),
    ours === undefined ? '–' : formatTime(ours.median),
    ...columns.map((column) => columnText(result.contenders, column)),
  ];
}

/**
 * What the cases say about themselves, a line for each note: what is compared is not the same work everywhere.
 *
 * @param {readonly CaseResult[]} cases
 */
function notesOf(cases) {
  const notes = [...new Set(cases.flatMap(({ note }) => (note === undefined ? [] : [note])))];
  const lines = notes.map((note) => {
    const [first, ...others] = cases.filter((result) => result.note === note);
    return `- ${others.length === 0 ? first?.title : first?.suiteTitle}: ${note}`;
  });
  return lines.join('\n');
}

/**
 * @param {readonly CaseResult[]} cases mission jobs
 * @returns {string[]} paragraphs
 */
export function jobTable(cases) {
  const growth = growthOf(
    cases.filter(({ contenders }) => JOB_COLUMNS.some((column) => isCompared(contenders, column))),
  );
  const sizes = [...new Set(growth.flatMap((job) => job.sizes))].sort((a, b) => a - b);
  if (sizes.length === 0) return [];
  const rows = growth.map((job) => [`${job.title}, per ${job.item}`, ...sizes.map((size) => jobCell(job, size))]);
  const rounds = ['Rounds', ...sizes.map((size) => roundsAt(growth, size))];
  const peers = JOB_COLUMNS.map(({ heading }) => heading).join(' and with ');
  return [
    `Whole jobs with a database in memory, changes rolled back, and every check, and how many times as fast that is as the job's cryptography alone with ${peers}:`,
    markdownTable(['Job', ...sizes.map((size) => `of ${sizeName(size)}`)], [...rows, rounds]),
  ];
}

/**
 * @param {import('./growth.mjs').Growth} job
 * @param {number} size
 */
function jobCell(job, size) {
  const at = job.sizes.indexOf(size);
  const points = job.contenders.flatMap((contender) => contender.points[at] ?? []);
  const ours = points[0]?.time;
  if (ours === undefined) return '–';
  return `${formatTime(ours.median)} (${JOB_COLUMNS.map((column) => columnText(points, column)).join(', ')})`;
}

/**
 * How many rounds the jobs of one size took: `3`, or `8–15`.
 *
 * @param {readonly import('./growth.mjs').Growth[]} growth
 * @param {number} size
 */
function roundsAt(growth, size) {
  const counts = growth.flatMap((job) => job.rounds[job.sizes.indexOf(size)] ?? []);
  if (counts.length === 0) return '–';
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  return least === most ? String(least) : `${least}–${most}`;
}

/**
 * @param {readonly string[]} heading
 * @param {readonly (readonly string[])[]} rows the first column is text, the others are figures
 */
function markdownTable(heading, rows) {
  const line = (/** @type {readonly string[]} */ cells) => `| ${cells.join(' | ')} |`;
  return [line(heading), `|---|${'---:|'.repeat(heading.length - 1)}`, ...rows.map(line)].join('\n');
}
