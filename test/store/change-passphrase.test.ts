/** What a change of the passphrase does to the secrets, and how far it gets when it is stopped. */
import fs from 'node:fs';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { changePassphrase, openDatabase, verifyHistory } from '../../src/index.js';
import { settleSecrets } from '../../src/store/secrets/change-passphrase.js';
import { SECRET_COLUMNS } from '../../src/store/secrets/secret-columns.js';
import { openProtected, PASSPHRASE, protect } from './passphrases.js';
import { exposed, live, secretsOf, storedSecrets } from './sealed-life.js';
import { temporaryFile } from './temporary-folder.js';

const code = (expected: string) => expect.objectContaining({ code: expected });

afterEach(() => {
  vi.restoreAllMocks();
});

test('A change of the passphrase knows every column of the schema that may be sealed', async () => {
  const db = await openDatabase();
  const tables = db.sql.all("SELECT name, sql FROM sqlite_schema WHERE type = 'table'");
  const sealed = tables.flatMap(({ name, sql }) =>
    [...String(sql).matchAll(/CHECK \(length\((\w+)\) IN \(32, 72\)\)/g)].map(([, column]) => `${name}.${column}`),
  );
  expect(sealed.sort()).toEqual(SECRET_COLUMNS.map(({ table, column }) => `${table}.${column}`).sort());
});

describe('Changing the passphrase', () => {
  test.each([
    ['image', Number.POSITIVE_INFINITY],
    ['journal', 0],
  ])('of a database without leaves no secret in the clear in file, image before or %s', async (_, journalFrom) => {
    const file = temporaryFile();
    const db = await openDatabase({ file, journalFrom });
    await live(db);
    const secrets = secretsOf(db);
    expect(exposed(file, secrets)).not.toEqual([]);
    await protect(db, PASSPHRASE);
    expect(secretsOf(db)).toEqual(secrets);
    expect(exposed(file, secrets)).toEqual([]);
    await live(db);
    expect(exposed(file, secretsOf(db))).toEqual([]);
    db.close();
    expect(exposed(file, secrets)).toEqual([]);
    await expect(openDatabase({ file })).rejects.toThrow(code('passphrase-required'));
    const again = await openDatabase({ file, passphrase: PASSPHRASE });
    for (const [place, secret] of secrets) expect(secretsOf(again).get(place)).toEqual(secret);
    expect(verifyHistory(again).ok).toBe(true);
    again.close();
  });

  test('makes the one before, and the data key before, worthless', async () => {
    const file = temporaryFile();
    const db = await openProtected(file);
    await live(db);
    const secrets = secretsOf(db);
    const sealedBefore = storedSecrets(db);
    await protect(db, 'another');
    expect(storedSecrets(db)).not.toEqual(sealedBefore);
    db.close();
    for (const path of [file, `${file}.bak`]) {
      const bytes = new Uint8Array(fs.readFileSync(path));
      await expect(openDatabase({ bytes, passphrase: PASSPHRASE })).rejects.toThrow(code('wrong-passphrase'));
      const again = await openDatabase({ bytes, passphrase: 'another' });
      expect(secretsOf(again)).toEqual(secrets);
    }
  });

  test('to none leaves the secrets readable', async () => {
    const file = temporaryFile();
    const db = await openProtected(file);
    await live(db);
    const secrets = secretsOf(db);
    await changePassphrase(db, { to: null });
    expect(db.secrets.state).toBe('plain');
    db.close();
    const again = await openDatabase({ file });
    expect(secretsOf(again)).toEqual(secrets);
    again.close();
  });

  test('that cannot be written leaves the database under the one before', async () => {
    const file = temporaryFile();
    const db = await openProtected(file);
    await live(db);
    const secrets = secretsOf(db);
    const fail = vi.spyOn(fs, 'fsyncSync').mockImplementation(() => {
      throw new Error('EIO');
    });
    await expect(protect(db, 'another')).rejects.toThrow(code('publish-failed'));
    fail.mockRestore();
    expect(secretsOf(db)).toEqual(secrets);
    db.close();
    const again = await openDatabase({ file, passphrase: PASSPHRASE });
    expect(secretsOf(again)).toEqual(secrets);
    again.close();
  });

  test.each([
    ['image', Number.POSITIVE_INFINITY],
    ['journal', 0],
  ])('that was cut short after the first %s is finished by the next opening', async (_, journalFrom) => {
    const file = temporaryFile();
    const db = await openDatabase({ file, journalFrom });
    await live(db);
    const secrets = secretsOf(db);
    vi.spyOn(db, 'compact').mockImplementation(() => {
      throw new Error('the process ended here');
    });
    await expect(protect(db, PASSPHRASE)).rejects.toThrow('ended here');
    db.close();
    expect(exposed(file, secrets)).not.toEqual([]);
    // Opening read-only must not write; opening for writing needs no passphrase for it.
    (await openDatabase({ file, locked: true, readonly: true })).close();
    expect(exposed(file, secrets)).not.toEqual([]);
    (await openDatabase({ file, locked: true })).close();
    expect(exposed(file, secrets)).toEqual([]);
    const again = await openDatabase({ file, passphrase: PASSPHRASE });
    expect(secretsOf(again)).toEqual(secrets);
    const compact = vi.spyOn(again, 'compact');
    await settleSecrets(again);
    expect(compact).not.toHaveBeenCalled();
    again.close();
  });

  test('inside a transaction or read-only is refused', async () => {
    const file = temporaryFile();
    const db = await openProtected(file);
    db.close();
    const readonly = await openDatabase({ file, passphrase: PASSPHRASE, readonly: true });
    await expect(protect(readonly, 'another')).rejects.toThrow(code('read-only'));
    readonly.close();
    await expect(changePassphrase(await openDatabase(), null as never)).rejects.toThrow(code('invalid-input'));
    await expect(changePassphrase(await openDatabase(), { to: '' })).rejects.toThrow(code('invalid-input'));
  });
});
