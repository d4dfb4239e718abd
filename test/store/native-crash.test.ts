/**
 * Processes that are killed while they write with the native driver, in every runtime that has it; with `--mode native`
 * only, since the runtimes must be installed.
 */
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { openDatabase } from '../../src/store/open-database.js';
import { SeededRandom } from '../support/seeded-random.js';
import { bundleProgram, run } from './child-process.js';
import { RUNTIMES } from './runtimes.js';
import { temporaryFile } from './temporary-folder.js';

const CRASHES = 25;

let folder: string;

beforeAll(async () => {
  folder = fs.mkdtempSync(join(tmpdir(), 'arborist-mesh-programs-'));
  return () => fs.rmSync(folder, { recursive: true, force: true });
});

describe.each(RUNTIMES)('with the SQLite of $name', ({ command, sqlite }) => {
  const programs = new Map<string, string>();

  const start = async (name: string, ...args: string[]) => {
    const program = programs.get(name) ?? (await bundleProgram(name, folder, sqlite));
    programs.set(name, program);
    return run([...command, program], ...args);
  };

  test('a crash at any write leaves the old or the new database, never a mixture', { timeout: 600_000 }, async () => {
    const file = temporaryFile();
    const random = new SeededRandom(24);
    let last = 0;
    let logs = 0;
    for (let crash = 0; crash < CRASHES; crash++) {
      const writer = await start('writer', file, '200000', 'native');
      const early = random.below(5) === 0;
      if (!early) {
        expect(await writer.started).toBe('open');
        await writer.printed(1 + random.below(4));
      }
      await delay(random.below(early ? 300 : 30));
      writer.child.kill('SIGKILL');
      await writer.ended;
      const reported = Math.max(last, ...writer.lines.filter((line) => line !== 'open').map(Number));
      if (fs.existsSync(`${file}-wal`)) logs++;

      const teller = await start('teller', file);
      await teller.ended;
      const { left, right, filling } = JSON.parse(teller.lines[0] ?? '');
      expect(right).toBe(left);
      if (left !== null) expect(filling).toStrictEqual([left % 256]);
      // The last one may have been on disk before it could be reported.
      expect([reported, reported + 1]).toContain(left ?? 0);
      last = left ?? 0;
    }
    expect(logs).toBeGreaterThan(CRASHES / 4);
    expect(last).toBeGreaterThan(CRASHES / 2);
    const db = await openDatabase({ file });
    expect(db.sql.get("SELECT value FROM meta WHERE key = 'left'")?.value).toBe(last);
    db.close();
  });
});
