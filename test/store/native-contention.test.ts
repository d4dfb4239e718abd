/**
 * Processes that fight for one file with the native driver, in every runtime that has it; with `--mode native` only, since the
 * runtimes must be installed.
 */
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { openDatabase } from '../../src/store/open-database.js';
import { bundleProgram, run } from './child-process.js';
import { RUNTIMES } from './runtimes.js';
import { temporaryFile } from './temporary-folder.js';

const CONTENDERS = 4;
const MILLISECONDS = '4000';

let folder: string;

beforeAll(async () => {
  folder = fs.mkdtempSync(join(tmpdir(), 'arborist-mesh-programs-'));
  return () => fs.rmSync(folder, { recursive: true, force: true });
});

test.each(RUNTIMES)(
  'with the SQLite of $name, processes fighting for one file lose no update and get clear errors',
  async ({ command, sqlite }) => {
    const contender = await bundleProgram('contender', folder, sqlite);
    const file = temporaryFile();
    const running = Array.from({ length: CONTENDERS }, () =>
      run([...command, contender], file, MILLISECONDS, 'native'),
    );
    await Promise.all(running.map(({ ended }) => ended));
    let added = 0;
    for (const { lines } of running) {
      expect(lines).toEqual([expect.stringMatching(/^\d+ \d+$/)]);
      added += Number(lines[0]?.split(' ')[0]);
    }
    const db = await openDatabase({ file });
    expect(db.sql.get("SELECT value FROM meta WHERE key = 'count'")?.value).toBe(added);
    db.close();
  },
);
