/** What opens with the wrong passphrase: nothing, and nothing changes. */
import fs from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openDatabase } from '../../src/index.js';
import { openProtected, PASSPHRASE } from './passphrases.js';
import { live } from './sealed-life.js';
import { temporaryFile } from './temporary-folder.js';

const code = (expected: string) => expect.objectContaining({ code: expected });

/** The names and contents of a database's file and all beside it, in a form that is quick to compare. */
function contentBeside(file: string): string[] {
  return fs.readdirSync(dirname(file)).map((name) => `${name} ${fs.readFileSync(join(dirname(file), name), 'base64')}`);
}

describe('The wrong passphrase', () => {
  test('is a clear error, and nothing is written', async () => {
    const file = temporaryFile();
    const db = await openProtected(file);
    await live(db);
    const { lineage } = db;
    db.close();
    const before = contentBeside(file);
    const stat = () => fs.statSync(file, { bigint: true });
    const { ino, mtimeNs } = stat();
    for (const options of [{ passphrase: 'an oak' }, { passphrase: 'an oak', readonly: true }]) {
      await expect(openDatabase({ file, ...options })).rejects.toThrow(code('wrong-passphrase'));
    }
    await expect(openDatabase({ file })).rejects.toThrow(code('passphrase-required'));
    await expect(openDatabase({ file, readonly: true })).rejects.toThrow(code('passphrase-required'));
    expect(contentBeside(file)).toEqual(before);
    expect(stat()).toMatchObject({ ino, mtimeNs });
    // The file is not locked either, and its stream goes on.
    const again = await openDatabase({ file, passphrase: PASSPHRASE });
    expect(again.lineage).toEqual(lineage);
    again.close();
  });

  test('for a database that has none is an error too: nobody shall believe that it is sealed', async () => {
    const file = temporaryFile();
    (await openDatabase({ file })).close();
    const before = contentBeside(file);
    await expect(openDatabase({ file, passphrase: PASSPHRASE })).rejects.toThrow(code('no-passphrase'));
    expect(contentBeside(file)).toEqual(before);
    const db = await openDatabase({ file, locked: true });
    expect(db.secrets.state).toBe('plain');
    expect(() => db.lock()).toThrow(code('no-passphrase'));
    await expect(db.unlock(PASSPHRASE)).rejects.toThrow(code('no-passphrase'));
    db.close();
  });

  test('and locked exclude each other', async () => {
    await expect(openDatabase({ passphrase: PASSPHRASE, locked: true })).rejects.toThrow(/^passphrase and locked /);
  });
});
