/** Processes that are killed while they write; with `--mode long` 520 of them. */
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { beforeAll, expect, test } from 'vitest';
import type { MeshDatabase } from '../../src/store/database.js';
import { openDatabase } from '../../src/store/open-database.js';
import { SeededRandom } from '../support/seeded-random.js';
import { bundleProgram, run } from './child-process.js';
import { temporaryFile } from './temporary-folder.js';

/** With each way of publishing. */
const CRASHES = process.env.MODE === 'long' ? 260 : 12;
/** SQLite need not be fast in processes that live for a moment: without V8's second compiler they take half the time. */
const QUICK_START = [process.execPath, '--liftoff-only'];
let writer: string;

beforeAll(async () => {
  const folder = fs.mkdtempSync(join(tmpdir(), 'arborist-mesh-programs-'));
  writer = await bundleProgram('writer', folder);
  return () => fs.rmSync(folder, { recursive: true, force: true });
});

/** The number that all rows of a database agree on. */
function numberIn(db: MeshDatabase): number {
  const value = (key: string) => db.sql.get('SELECT value FROM meta WHERE key = ?', [key])?.value;
  const left = Number(value('left') ?? 0);
  expect(Number(value('right') ?? 0)).toBe(left);
  if (left > 0) {
    const filling = value('filling') as Uint8Array;
    expect(filling.length).toBeGreaterThan(0);
    expect(filling.every((byte) => byte === left % 256)).toBe(true);
  }
  return left;
}

/** Every transaction a new image, or about every third one and a journal in between. */
const PUBLISHING = {
  image: { filling: '400000', journalFrom: 'Infinity' },
  journal: { filling: '200000', journalFrom: '0' },
};

test.each(['image', 'journal'] as const)(
  'a crash at any write leaves the old or the new database, never a mixture (%s)',
  {
    timeout: 3_600_000,
  },
  async (publishing) => {
    const { filling, journalFrom } = PUBLISHING[publishing];
    const file = temporaryFile();
    const random = new SeededRandom(16);
    let halfWritten = 0;
    let journals = 0;
    let last = 0;
    for (let crash = 0; crash < CRASHES; crash++) {
      const child = run([...QUICK_START, writer], file, filling, journalFrom);
      // One in five dies while it opens the file, the others after some transactions.
      const early = random.below(5) === 0;
      if (!early) {
        expect(await child.started).toBe('open');
        await child.printed(1 + random.below(4));
      }
      await delay(random.below(early ? 300 : 30));
      child.child.kill('SIGKILL');
      await child.ended;
      const reported = Math.max(last, ...child.lines.filter((line) => line !== 'open').map(Number));

      if (fs.existsSync(`${file}.tmp`)) halfWritten++;
      if (fs.existsSync(`${file}.journal`)) journals++;
      const db = await openDatabase({ file, journalFrom: Number(journalFrom) });
      const number = numberIn(db);
      db.close();
      // The last one may have been on disk before it could be reported.
      expect([reported, reported + 1]).toContain(number);
      if (number > 1) {
        const previous = await openDatabase({ file: `${file}.bak`, readonly: true });
        expect([number - 1, number]).toContain(numberIn(previous));
        previous.close();
      }
      last = number;
    }
    // Some crashes hit a half-written image, or this test shows little.
    expect(halfWritten).toBeGreaterThan(CRASHES / 50);
    expect(last).toBeGreaterThan(CRASHES / 2);
    if (publishing === 'journal') expect(journals).toBeGreaterThan(CRASHES / 20);
  },
);
