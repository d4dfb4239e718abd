/**
 * A crash or an error at any call to the file system. With `--mode long` every kind of it at every call; else two kinds, at
 * every third call.
 */
import fs from 'node:fs';
import { dirname } from 'node:path';
import process from 'node:process';
import { afterEach, describe, expect, test } from 'vitest';
import { MeshError } from '../../src/errors.js';
import type { MeshDatabase } from '../../src/store/database.js';
import { openDatabase } from '../../src/store/open-database.js';
import { type Fault, FaultyFileSystem } from './faulty-file-system.js';
import { temporaryFolder } from './temporary-folder.js';

const IS_LONG = process.env.MODE === 'long';
const FAULTS: readonly Fault[] = IS_LONG
  ? ['ENOSPC', 'EIO', 'EROFS', 'short-write', 'end-before', 'end-after', 'end-halfway']
  : ['EIO', 'end-after'];

/** What a program was told. */
interface Told {
  /** The last value that was reported as written. */
  written: number;
  /** A value of which the program does not know whether it was written. */
  unknown: number | null;
}

function write(db: MeshDatabase, value: number): void {
  db.transaction(() => {
    for (const key of ['left', 'filling', 'right']) {
      db.sql.run('INSERT OR REPLACE INTO meta VALUES (?, ?)', [
        key,
        key === 'filling' ? new Uint8Array(20_000).fill(value) : value,
      ]);
    }
  });
}

/** The one value that a database holds. */
function valueIn(db: MeshDatabase): number {
  const value = (key: string) => db.sql.get('SELECT value FROM meta WHERE key = ?', [key])?.value;
  expect(value('right')).toBe(value('left'));
  expect(new Set(value('filling') as Uint8Array)).toEqual(new Set([value('left')]));
  return value('left') as number;
}

/** How the file is opened. */
interface Opening {
  readonly file: string;
  readonly journalFrom: number;
}

/** Opens, writes twice and closes, twice over; goes on after errors as a program may. */
async function work(options: Opening, fileSystem: FaultyFileSystem, told: Told): Promise<void> {
  for (let opening = 0; opening < 2 && !fileSystem.ended; opening++) {
    let db: MeshDatabase | undefined;
    try {
      db = await openDatabase(options);
      for (let i = 0; i < 2; i++) writeAndNote(db, fileSystem, told);
    } catch (error) {
      if (!fileSystem.ended && !(error instanceof MeshError)) throw error;
    }
    try {
      db?.close();
    } catch (error) {
      // The lock could not be removed; it is stale when the process ends.
      if (!fileSystem.ended && !(error instanceof MeshError)) throw error;
      return;
    }
  }
}

function writeAndNote(db: MeshDatabase, fileSystem: FaultyFileSystem, told: Told): void {
  const value = Math.max(told.written, told.unknown ?? 0) + 1;
  try {
    write(db, value);
    told.written = value;
    told.unknown = null;
  } catch (error) {
    const uncertain = fileSystem.ended || (error instanceof MeshError && error.code === 'publish-uncertain');
    if (uncertain) told.unknown = value;
    else if (told.unknown === null && error instanceof MeshError && error.code === 'publish-failed')
      expect(valueIn(db)).toBe(told.written);
    throw error;
  }
}

async function fileWithOne(folder: string, n: number): Promise<string> {
  const file = `${folder}/${n}/mesh.db`;
  fs.mkdirSync(dirname(file));
  const db = await openDatabase({ file });
  write(db, 1);
  db.close();
  return file;
}

/** Every publish is a new image; or an addition to the journal, as long as there is room. */
const PUBLISHING = { image: Number.POSITIVE_INFINITY, journal: 0 };
/** With the short mode each kind of fault is met at every third call. */
const STEP = IS_LONG ? 1 : 3;
const CASES = FAULTS.flatMap((fault) => (['image', 'journal'] as const).map((publishing) => ({ fault, publishing })));

let fileSystem: FaultyFileSystem | undefined;
afterEach(() => fileSystem?.restore());

describe('a fault at any call to the file system leaves the state before or after a mutation, and nothing reported is lost', () => {
  test.each(CASES)('$fault, $publishing', { timeout: 900_000 }, async ({ fault, publishing }) => {
    const journalFrom = PUBLISHING[publishing];
    const folder = temporaryFolder();
    const clean = await fileWithOne(folder, 0);
    fileSystem = new FaultyFileSystem();
    const told: Told = { written: 1, unknown: null };
    await work({ file: clean, journalFrom }, fileSystem, told);
    fileSystem.restore();
    expect(told).toEqual({ written: 5, unknown: null });
    const { calls } = fileSystem;
    expect(calls).toBeGreaterThan(60);

    const outcomes = new Set<number>();
    for (
      let at = CASES.findIndex((one) => one.fault === fault && one.publishing === publishing) % STEP;
      at < calls;
      at += STEP
    ) {
      const file = await fileWithOne(folder, at + 1);
      fileSystem = new FaultyFileSystem(at, fault);
      const told: Told = { written: 1, unknown: null };
      await work({ file, journalFrom }, fileSystem, told);
      fileSystem.restore();
      expect(fileSystem.calls, 'the fault was met').toBeGreaterThan(at);
      // The process that the lock names is this one, which lives on.
      for (const name of fs.readdirSync(dirname(file)))
        if (name.includes('.lock')) fs.rmSync(`${dirname(file)}/${name}`);

      const db = await openDatabase({ file, journalFrom });
      const value = valueIn(db);
      expect([told.written, told.unknown], `${fault} at call ${at}`).toContain(value);
      outcomes.add(value);
      write(db, 77);
      db.close();
      const previous = await openDatabase({ file: `${file}.bak`, readonly: true });
      // A journal stays with its image.
      expect(valueIn(previous)).toBe(publishing === 'journal' ? 77 : value);
      previous.close();
    }
    // Some faults were met early and some late, or this test shows little.
    expect(outcomes.size).toBeGreaterThanOrEqual(3);
  });
});
