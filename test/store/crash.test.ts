import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { beforeAll, expect, test } from 'vitest';
import { openDatabase } from '../../src/store/open-database.js';
import { bundleProgram, run } from './child-process.js';
import { temporaryFile } from './temporary-folder.js';

let writer: string;

beforeAll(async () => {
  const folder = fs.mkdtempSync(join(tmpdir(), 'arborist-mesh-programs-'));
  writer = await bundleProgram('writer', folder);
  return () => fs.rmSync(folder, { recursive: true, force: true });
});

test('a crash at any write leaves the old or the new database, never a mixture', async () => {
  const file = temporaryFile();
  const CRASHES = 24;
  let leftovers = 0;
  let last = 0;
  for (let crash = 0; crash < CRASHES; crash++) {
    const process = run(writer, file, '400000');
    expect(await process.started).toBe('open');
    await process.printed(2 + (crash % 3));
    await delay((crash * 7) % 20);
    process.child.kill('SIGKILL');
    await process.ended;
    const reported = Number(process.lines.at(-1));

    if (fs.existsSync(`${file}.tmp`)) leftovers++;
    const db = await openDatabase({ file });
    const value = (key: string) => db.sql.get('SELECT value FROM meta WHERE key = ?', [key])?.value;
    const left = Number(value('left') ?? 0);
    expect(Number(value('right') ?? 0)).toBe(left);
    if (left > 0) expect(new Set(value('filling') as Uint8Array)).toStrictEqual(new Set([left % 256]));
    // The last one may have been on disk before it could be reported.
    expect([reported, reported + 1]).toContain(left);
    expect(left).toBeGreaterThan(last);
    last = left;
    db.close();
  }
  // Some crashes hit a half-written image, or this test shows little.
  expect(leftovers).toBeGreaterThan(0);
});
