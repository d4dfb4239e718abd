/** What a thief finds in a database with a passphrase: no secret. */
import fs from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  history,
  initIdentity,
  meshStatus,
  openDatabase,
  prune,
  recoverDatabase,
  roster,
  rotateEpoch,
  setEnabled,
  verifyHistory,
} from '../../src/index.js';
import { toHex } from '../support/hex.js';
import { openProtected, PASSPHRASE, protect } from './passphrases.js';
import { exposed, live, secretsOf, storedSecrets } from './sealed-life.js';
import { temporaryFile } from './temporary-folder.js';

describe('A database with a passphrase', () => {
  test.each([
    ['rewritten as a whole', Number.POSITIVE_INFINITY],
    ['with a journal', 0],
  ])('%s shows no secret in any of its files, whatever is done with it', async (_, journalFrom) => {
    const file = temporaryFile();
    (await openProtected(file)).close();
    const db = await openDatabase({ file, passphrase: PASSPHRASE, journalFrom });
    await live(db);
    const secrets = secretsOf(db);
    expect(secrets.size).toBe(2 + 4 + 1 + 1);
    expect(exposed(file, secrets)).toEqual([]);
    db.backup(`${file}.backup`);
    prune(db, { messages: 0, envelopeEpochs: 1 });
    db.compact();
    fs.writeFileSync(`${file}.export`, db.export());
    db.close();
    expect(exposed(file, secrets)).toEqual([]);
    expect(exposed(file, new Map([['passphrase', new TextEncoder().encode(PASSPHRASE)]]))).toEqual([]);
  });

  test('is found out by the same search where it has none', async () => {
    const file = temporaryFile();
    const db = await openDatabase({ file });
    await live(db);
    const secrets = secretsOf(db);
    expect(new Set(exposed(file, secrets))).toEqual(new Set(['mesh.db', 'mesh.db.bak']));
    db.close();
  });

  test('has one from its first image on, at the real cost', async () => {
    const file = temporaryFile();
    const db = await openDatabase({ file, passphrase: PASSPHRASE });
    initIdentity(db, { groupName: 'orchard' });
    const secrets = secretsOf(db);
    expect(db.secrets.state).toBe('unlocked');
    expect(exposed(file, secrets)).toEqual([]);
    db.close();
    const again = await openDatabase({ file, passphrase: PASSPHRASE });
    expect(secretsOf(again)).toEqual(secrets);
    again.close();
  });

  test('works as any other once it is opened with it', async () => {
    const file = temporaryFile();
    const db = await openProtected(file);
    await live(db);
    const secrets = secretsOf(db);
    const state = { roster: roster(db), history: history(db), status: meshStatus(db) };
    db.close();
    for (const place of [{ file }, { file, readonly: true }, { bytes: new Uint8Array(fs.readFileSync(file)) }]) {
      const again = await openDatabase({ ...place, passphrase: PASSPHRASE });
      expect(secretsOf(again)).toEqual(secrets);
      expect({ roster: roster(again), history: history(again), status: meshStatus(again) }).toEqual(state);
      expect(verifyHistory(again)).toMatchObject({ ok: true, secrets: 4 });
      again.close();
    }
    const again = await openDatabase({ file, passphrase: PASSPHRASE });
    await live(again);
    expect(verifyHistory(again)).toMatchObject({ ok: true, secrets: 7 });
    again.close();
  });

  test('seals the same secret differently each time', async () => {
    const db = await openProtected();
    await live(db);
    const [secrets, before] = [secretsOf(db), storedSecrets(db)];
    await protect(db, PASSPHRASE);
    expect(secretsOf(db)).toEqual(secrets);
    expect(storedSecrets(db)).not.toEqual(before);
  });

  test('repeats no nonce, also where a backup is restored and lives on beside what came after it', async () => {
    const db = await openProtected();
    initIdentity(db, { groupName: 'orchard' });
    setEnabled(db, true);
    const restored = await openDatabase({ bytes: db.export(), passphrase: PASSPHRASE });
    for (const one of [db, restored]) for (let i = 0; i < 20; i++) rotateEpoch(one);
    const sealed = [db, restored].flatMap((one) =>
      one.sql.all('SELECT secret FROM mesh_secret').map(({ secret }) => toHex((secret as Uint8Array).slice(0, 24))),
    );
    // The secret of epoch 0 stands in both as it was sealed once.
    expect(new Set(sealed).size).toBe(sealed.length - 1);
  });

  test('goes on with its lineage when it is closed and opened again', async () => {
    const file = temporaryFile();
    const db = await openProtected(file);
    await live(db);
    const { lineage } = db;
    db.close();
    const again = await openDatabase({ file, passphrase: PASSPHRASE });
    expect(again.lineage).toEqual(lineage);
    again.close();
  });
});

describe('Recovering a database with a passphrase', () => {
  test('needs none, and the database keeps it', async () => {
    const file = temporaryFile();
    const db = await openProtected(file);
    await live(db);
    const secrets = secretsOf(db);
    setEnabled(db, false);
    db.close();
    fs.truncateSync(file, 5000);
    expect(await recoverDatabase(file)).toMatchObject({ action: 'replace', done: true });
    const again = await openDatabase({ file, passphrase: PASSPHRASE });
    expect(secretsOf(again)).toEqual(secrets);
    again.close();
  });
});
