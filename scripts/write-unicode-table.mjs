// @ts-check
/**
 * Writes `src/records/unicode-15.ts` from the Unicode Character Database, version 15.0.0:
 * `node scripts/write-unicode-table.mjs FOLDER`, where FOLDER has UnicodeData.txt and DerivedNormalizationProps.txt
 * (https://www.unicode.org/Public/15.0.0/ucd/, or /usr/share/unicode of the Debian package unicode-data 15.0.0).
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const CODE_POINTS = 0x110000;
const UNASSIGNED = 255;
const MAY_CHANGE = 254;
const LINE_LENGTH = 112;

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('usage: node scripts/write-unicode-table.mjs FOLDER');

/** @param {string} name */
const linesOf = (name) => readFileSync(join(folder, name), 'utf8').split('\n');

const properties = linesOf('DerivedNormalizationProps.txt');
if (properties[0] !== '# DerivedNormalizationProps-15.0.0.txt') throw new Error('this is not Unicode 15.0.0');

// Whatever UnicodeData.txt does not name has General_Category Cn: reserved, or a noncharacter.
const classes = new Uint8Array(CODE_POINTS).fill(UNASSIGNED);
let first = 0;
for (const line of linesOf('UnicodeData.txt')) {
  const [code, name, category, combiningClass] = line.split(';');
  if (code === undefined || name === undefined || category === undefined) continue;
  const point = Number.parseInt(code, 16);
  if (name.endsWith(', First>')) first = point;
  const start = name.endsWith(', Last>') ? first : point;
  // Surrogates are in the file, but can not be in UTF-8.
  if (category !== 'Cs') classes.fill(Number(combiningClass), start, point + 1);
}

for (const line of properties) {
  const match = /^([0-9A-F]+)(?:\.\.([0-9A-F]+))?\s*; NFC_QC; [NM]/.exec(line);
  if (match === null) continue;
  const [, start, end = start] = match;
  classes.fill(MAY_CHANGE, Number.parseInt(String(start), 16), Number.parseInt(String(end), 16) + 1);
}

/** @type {string[]} */
const runs = [];
for (let start = 0; start < CODE_POINTS; ) {
  const value = classes[start];
  let end = start + 1;
  while (end < CODE_POINTS && classes[end] === value) end++;
  runs.push(`${(end - start).toString(36)}${value === 0 ? '' : `.${Number(value).toString(36)}`}`);
  start = end;
}

/** @type {string[]} */
const lines = [''];
for (const run of runs) {
  const line = String(lines.at(-1));
  if (line.length + run.length > LINE_LENGTH) lines.push(`${run} `);
  else lines[lines.length - 1] = `${line}${run} `;
}

writeFileSync(
  new URL('../src/records/unicode-15.ts', import.meta.url),
  `/**
 * What \`text-nfc-lf/1\` must know of the characters of Unicode 15.0.0, made by \`scripts/write-unicode-table.mjs\` from the
 * Unicode Character Database. Engines bring newer and differing versions; this table is the same everywhere.
 *
 * @module
 */

/**
 * The classes of all code points from 0 on, run after run: the run's length, and its class after a point where that is not
 * 0; both in base 36.
 */
export const CLASS_RUNS =
${lines.map((line) => `  '${line}'`).join(' +\n')};
`,
);
console.log(`${runs.length} runs`);
