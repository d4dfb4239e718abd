/**
 * `npm run scale`: the database of a group of 1,000 members after 10,000 epochs and 100,000 messages: its size, and what it
 * takes to open, read and change it with each driver that this runtime has. Takes some minutes. With `--file PATH` the database
 * is kept there, and one that is there already is only measured.
 *
 * @module
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { installPackages } from '../install.mjs';

const MEGABYTE = 1_000_000;
const CHILD = fileURLToPath(new URL('./measure-file.mjs', import.meta.url));

const { values } = parseArgs({
  options: {
    epochs: { type: 'string', default: '10000' },
    members: { type: 'string', default: '1000' },
    envelopes: { type: 'string', default: '100' },
    messages: { type: 'string', default: '100000' },
    file: { type: 'string' },
  },
});

const say = (/** @type {string} */ line) => process.stdout.write(`${line}\n`);
const megabytes = (/** @type {number} */ bytes) => `${(bytes / MEGABYTE).toFixed(1)} MB`;
const milliseconds = (/** @type {number} */ ms) => `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`;

/**
 * @param {string} source
 * @param {string} file a copy to work on
 * @param {string} driver
 */
function measure(source, file, driver) {
  copyFileSync(source, file);
  try {
    const output = execFileSync(process.execPath, ['--disable-warning=ExperimentalWarning', CHILD, file, driver], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const { openMs, openProcessorMs, rosterMs, mutationMs, closeMs, residentBytes, members } = JSON.parse(output);
    say(
      `${driver}: open ${milliseconds(openMs)} (${milliseconds(openProcessorMs)} of processor time), roster of ${members} ${milliseconds(rosterMs)}, ` +
        `mutation ${milliseconds(mutationMs)}, close ${milliseconds(closeMs)}, memory ${megabytes(residentBytes)}`,
    );
  } catch (error) {
    const [reason] = String(/** @type {{ stderr?: unknown }} */ (error).stderr).match(/no-native-sqlite/) ?? [];
    if (reason === undefined) throw error;
    say(`${driver}: this runtime has none`);
  }
}

/** @param {string} file */
async function make(file) {
  const { epochs, members, envelopes, messages } = values;
  const scale = {
    epochs: Number(epochs),
    members: Number(members),
    envelopes: Number(envelopes),
    messages: Number(messages),
  };
  const parts = await makeDatabase(file, scale, say);
  say('');
  for (const { part, rows, bytes } of parts) {
    say(`${part}: ${megabytes(bytes)}, ${Math.round(bytes / Math.max(rows, 1))} bytes each`);
  }
}

await installPackages(new URL('../', import.meta.url));
const { makeDatabase } = await import('./make-database.mjs');
const folder = mkdtempSync(`${tmpdir()}/arborist-scale-`);
try {
  const file = values.file ?? `${folder}/mesh.db`;
  if (!existsSync(file)) await make(file);
  say(`file: ${megabytes(statSync(file).size)}\n`);
  for (const driver of ['sql.js', 'native']) measure(file, `${folder}/${driver}.db`, driver);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
