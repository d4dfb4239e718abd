/**
 * What a mutation of one row costs in databases of 1, 10 and 100 MB: with a journal beside the image, with a new image for
 * each mutation, and with the runtime's own SQLite. Each is on disk when the call returns.
 *
 * @module
 */
import { openDatabase } from 'arborist-mesh';
import { byteSource } from '../bytes.mjs';

const MEGABYTE = 1_000_000;
const ROW_BYTES = 10_000;
const NOTE =
  'One row is written and synced. The journal is taken into a new image when it has grown as long as the image (at most ' +
  '16 MiB), which the median does not show. In the memory of the process with sql.js, in place with native SQLite.';

/** How the database is opened, by the form's id. */
const DRIVERS = {
  'arborist-journal': { label: 'sql.js, journal', options: { journalFrom: 0 } },
  'arborist-image': { label: 'sql.js, new image', options: { journalFrom: Number.POSITIVE_INFINITY } },
  'arborist-native': { label: 'native SQLite', options: { driver: /** @type {const} */ ('native') } },
};
const FORMS = Object.entries(DRIVERS).map(([id, { label }]) => ({ id, label, operations: {} }));

/** @type {import('../types.js').Suite} */
export const store = {
  id: 'store',
  title: 'Mutations of a database file',
  aliases: ['database'],
  waits: true,
  cases: async ({ name }) => {
    const folder = await scratchFolder();
    const sizes = name === 'quick' ? [1] : [1, 10, 100];
    return folder === undefined ? [] : sizes.map((size) => mutationCase(folder, size));
  },
};

/** A folder that goes when the process ends; undefined where there are no files, or none may be written. */
async function scratchFolder() {
  try {
    const [{ mkdtempSync, rmSync }, { tmpdir }, { default: process }] = await Promise.all([
      import('node:fs'),
      import('node:os'),
      import('node:process'),
    ]);
    const folder = mkdtempSync(`${tmpdir()}/arborist-bench-store-`);
    process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
    return folder;
  } catch {
    return undefined;
  }
}

/**
 * @param {string} folder
 * @param {number} size in megabytes
 * @returns {import('../types.js').Case}
 */
function mutationCase(folder, size) {
  const source = `${folder}/${size}.db`;
  return {
    id: `mutation-${size}`,
    title: 'Write a row',
    item: 'mutation',
    note: NOTE,
    size,
    sizeUnit: 'MB',
    forms: FORMS,
    tasks: [
      {
        itemsPerCall: 1,
        inputCount: 1_000,
        prepare: ({ id }) =>
          id in DRIVERS ? prepare(source, size, /** @type {keyof typeof DRIVERS} */ (id)) : undefined,
        check: (found, index) => {
          if (found !== index) throw new Error(`the row holds ${String(found)}, not ${index}`);
        },
      },
    ],
  };
}

/**
 * @param {string} source
 * @param {number} size
 * @param {keyof typeof DRIVERS} driver
 */
async function prepare(source, size, driver) {
  const { copyFileSync, existsSync } = await import('node:fs');
  if (!existsSync(source)) await fill(source, size);
  const file = `${source}-${driver}`;
  copyFileSync(source, file);
  const db = await openDatabase({ file, ...DRIVERS[driver].options });
  return (/** @type {number} */ index) => {
    db.sql.run("INSERT OR REPLACE INTO meta VALUES ('row', ?)", [index]);
    return db.sql.get("SELECT value FROM meta WHERE key = 'row'")?.value;
  };
}

/**
 * @param {string} file
 * @param {number} size
 */
async function fill(file, size) {
  const bytes = byteSource(size);
  const db = await openDatabase({ file, journalFrom: Number.POSITIVE_INFINITY });
  db.transaction(() => {
    db.sql.run('CREATE TABLE filling (id INTEGER PRIMARY KEY, content BLOB)');
    for (let row = 0; row < (size * MEGABYTE) / ROW_BYTES; row++) {
      db.sql.run('INSERT INTO filling (content) VALUES (?)', [bytes(ROW_BYTES)]);
    }
  });
  db.close();
}
