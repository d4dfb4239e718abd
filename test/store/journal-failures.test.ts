import fs from 'node:fs';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { openDatabase } from '../../src/store/open-database.js';
import { recoverDatabase } from '../../src/store/recover.js';
import { abandoned, code, get, journalOf, onDisk, openJournaled, put } from './journaled.js';
import { temporaryFile } from './temporary-folder.js';

afterEach(() => {
  vi.restoreAllMocks();
});

describe('a mutation that could not be added to the journal', () => {
  const fail = (name: string) =>
    Object.assign(new Error(`${name}: made to fail`), { code: name }) as NodeJS.ErrnoException;

  test.each(['openSync', 'writeFileSync', 'fsyncSync', 'fstatSync', 'closeSync'] as const)(
    'because %s failed has happened neither in memory nor on disk, and the next one works',
    async (call) => {
      const file = temporaryFile();
      const db = await openJournaled(file);
      for (const [before, after] of [
        [undefined, 1],
        [1, 2],
      ]) {
        vi.spyOn(fs, call).mockImplementationOnce(() => {
          throw fail('ENOSPC');
        });
        expect(() => put(db, 9)).toThrow(code('publish-failed'));
        vi.restoreAllMocks();
        expect([get(db), await onDisk(file)]).toStrictEqual([before, before]);
        put(db, after ?? 0);
        put(db, after ?? 0);
        expect([get(db), await onDisk(file)]).toStrictEqual([after, after]);
      }
      expect(db.rollbacks).toBe(2);
      db.close();
    },
  );

  test('and may be there all the same leaves the database unusable', async () => {
    const file = temporaryFile();
    const db = await openJournaled(file);
    put(db, 1);
    vi.spyOn(fs, 'fsyncSync').mockImplementation(() => {
      throw fail('EIO');
    });
    expect(() => put(db, 2)).toThrow(code('publish-uncertain'));
    vi.restoreAllMocks();
    expect(() => get(db)).toThrow(code('database-failed'));
    db.close();
    const again = await openDatabase({ file });
    expect([1, 2]).toContain(get(again));
    again.close();
  });

  const changes: Record<string, (file: string) => void> = {
    'another program added to it': (file) => fs.appendFileSync(journalOf(file), 'x'),
    'it was removed': (file) => fs.rmSync(journalOf(file)),
    'another one is in its place': (file) => {
      fs.copyFileSync(journalOf(file), `${file}.copy`);
      fs.renameSync(`${file}.copy`, journalOf(file));
    },
    'the image was replaced': (file) => {
      fs.copyFileSync(file, `${file}.copy`);
      fs.renameSync(`${file}.copy`, file);
    },
  };

  test.each(Object.keys(changes))('because %s has not happened, and nothing was written', async (how) => {
    const file = temporaryFile();
    const db = await openJournaled(file);
    put(db, 1);
    changes[how]?.(file);
    const content = () => [file, journalOf(file)].map((name) => fs.existsSync(name) && fs.readFileSync(name, 'latin1'));
    const before = content();
    expect(() => put(db, 2)).toThrow(code('file-changed'));
    expect(() => get(db)).toThrow(code('database-failed'));
    db.close();
    expect(content()).toStrictEqual(before);
  });
});

describe('a reader beside a writer', () => {
  test('sees image and journal as they belong together, also when the writer makes a new image in between', async () => {
    const file = temporaryFile();
    const writer = await openJournaled(file);
    put(writer, 1);
    const read = fs.readFileSync;
    let images = 0;
    vi.spyOn(fs, 'readFileSync').mockImplementation(((...args: Parameters<typeof fs.readFileSync>) => {
      const content = read(...args);
      // After the reader has read the image, and before it reads the journal.
      if (typeof args[0] === 'number' && images++ === 0) {
        put(writer, 2);
        writer.compact();
      }
      return content;
    }) as typeof fs.readFileSync);
    const reader = await openDatabase({ file, readonly: true });
    vi.restoreAllMocks();
    expect(images).toBeGreaterThan(1);
    expect(get(reader)).toBe(2);
    writer.close();
  });
});

describe('recovering', () => {
  test('a file whose image is damaged brings back the image before with its journal', async () => {
    const file = temporaryFile();
    const db = await openJournaled(file);
    for (let value = 1; value <= 3; value++) put(db, value);
    db.close();
    fs.truncateSync(file, 5000);
    const recovery = await recoverDatabase(file);
    expect(recovery).toMatchObject({ action: 'replace', done: true, source: { path: `${file}.bak`, state: 'good' } });
    expect(await onDisk(file)).toBe(3);
  });

  test('a file with a good journal does nothing', async () => {
    const file = await abandoned();
    expect(await recoverDatabase(file)).toMatchObject({ action: 'none', file: { state: 'good' } });
    expect(await onDisk(file)).toBe(3);
  });

  test('a file whose journal is damaged keeps what was done before the damage', async () => {
    const file = await abandoned();
    const bytes = fs.readFileSync(journalOf(file));
    // The second of three entries.
    const at = bytes.indexOf(bytes.subarray(20, 36), 140) + 30;
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    fs.writeFileSync(journalOf(file), bytes);
    const plan = await recoverDatabase(file, { dryRun: true });
    expect(plan).toMatchObject({ action: 'replace', done: false, file: { state: 'damaged' } });
    expect(plan.source).toMatchObject({ path: file, state: 'good', problem: null });
    expect(plan.file.problem).toMatch(/the journal of .* is damaged \(entry 1 is broken\)/);
    const { kept } = await recoverDatabase(file);
    expect(await onDisk(file)).toBe(1);
    expect(fs.readFileSync(journalOf(kept ?? '')).equals(bytes)).toBe(true);
    expect(fs.existsSync(journalOf(file))).toBe(false);
  });

  test('keeps the journal that stood beside the file', async () => {
    const file = await abandoned();
    const journal = fs.readFileSync(journalOf(file));
    const backup = `${file}.backup`;
    (await openDatabase()).backup(backup);
    const { kept } = await recoverDatabase(file, { from: backup });
    expect(await onDisk(file)).toBeUndefined();
    expect(await onDisk(kept ?? '')).toBe(3);
    expect(fs.readFileSync(journalOf(kept ?? '')).equals(journal)).toBe(true);
  });
});
