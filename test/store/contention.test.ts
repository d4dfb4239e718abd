/** Processes that fight for one file; with `--mode long` two and ten of them for half a minute each. */
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { beforeAll, expect, test } from 'vitest';
import { openDatabase } from '../../src/store/open-database.js';
import { bundleProgram, run } from './child-process.js';
import { temporaryFile } from './temporary-folder.js';

const IS_LONG = process.env.MODE === 'long';
const MILLISECONDS = IS_LONG ? 30_000 : 1_500;
/** How many fight for one file. */
const MANY = IS_LONG ? [2, 10] : [3];

let contender: string;

beforeAll(async () => {
  const folder = fs.mkdtempSync(join(tmpdir(), 'arborist-mesh-programs-'));
  contender = await bundleProgram('contender', folder);
  return () => fs.rmSync(folder, { recursive: true, force: true });
});

/** With a new image for each addition, and with a journal. */
const JOURNAL_FROM = ['Infinity', '0'];

/** Lets so many processes fight for a file. */
async function contend(many: number, journalFrom: string): Promise<void> {
  const file = temporaryFile();
  const running = Array.from({ length: many }, () => run(contender, file, String(MILLISECONDS), journalFrom));
  await Promise.all(running.map(({ ended }) => ended));
  const results = running.map(({ lines }) => {
    // Anything else is an error that is neither success nor a locked file.
    expect(lines).toEqual([expect.stringMatching(/^\d+ \d+$/)]);
    return (lines[0] ?? '').split(' ').map(Number) as [number, number];
  });
  const added = results.reduce((sum, [count]) => sum + count, 0);
  const locked = results.reduce((sum, [, count]) => sum + count, 0);

  const db = await openDatabase({ file });
  expect(db.sql.get("SELECT value FROM meta WHERE key = 'count'")?.value).toBe(added);
  db.close();
  expect(added).toBeGreaterThan(many);
  // They did meet, or this test shows nothing.
  expect(locked).toBeGreaterThan(0);
  const journal = journalFrom === '0' ? ['mesh.db.bak.journal'] : [];
  expect(fs.readdirSync(dirname(file)).sort()).toEqual(['mesh.db', 'mesh.db.bak', ...journal]);
}

test(`${MANY.join(' and ')} processes fighting for one file lose no update and get clear errors, with new images and with a journal`, async () => {
  // Each of them for a file of its own, all at the same time.
  await Promise.all(MANY.flatMap((many) => JOURNAL_FROM.map((journalFrom) => contend(many, journalFrom))));
});
