/**
 * Processes that are killed while they write with the native driver, and processes that fight for one file, in every runtime
 * that has it; with `--mode native` only, since the runtimes must be installed.
 */
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { openDatabase } from '../../src/store/open-database.js';
import { SeededRandom } from '../support/seeded-random.js';
import { bundleProgram, run } from './child-process.js';
import { RUNTIMES } from './runtimes.js';
import { temporaryFile } from './temporary-folder.js';

const CRASHES = 25;
const CONTENDERS = 4;
const MILLISECONDS = '4000';

let folder: string;

beforeAll(async () => {
  folder = fs.mkdtempSync(join(tmpdir(), 'arborist-mesh-programs-'));
  return () => fs.rmSync(folder, { recursive: true, force: true });
});

describe.runIf(process.env.MODE === 'native').each(RUNTIMES)('with the SQLite of $name', ({ command, sqlite }) => {
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

  test('processes fighting for one file lose no update and get clear errors', async () => {
    const file = temporaryFile();
    const running = [];
    for (let i = 0; i < CONTENDERS; i++) running.push(await start('contender', file, MILLISECONDS, 'native'));
    await Promise.all(running.map(({ ended }) => ended));
    let added = 0;
    for (const { lines } of running) {
      expect(lines).toEqual([expect.stringMatching(/^\d+ \d+$/)]);
      added += Number(lines[0]?.split(' ')[0]);
    }
    const db = await openDatabase({ file });
    expect(db.sql.get("SELECT value FROM meta WHERE key = 'count'")?.value).toBe(added);
    db.close();
  });
});
