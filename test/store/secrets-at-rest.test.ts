/** What a thief finds in a database with a passphrase, and what the owner can do with it. */
import fs from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { concatBytes } from '../../src/bytes.js';
import { randomBytes } from '../../src/crypto/random.js';
import {
  acceptWelcome,
  addMember,
  applyEvents,
  changePassphrase,
  createInvite,
  currentEpoch,
  eventsSince,
  history,
  initIdentity,
  kickMember,
  loadIdentity,
  type MeshDatabase,
  meshStatus,
  openDatabase,
  openGossip,
  openGossipBatch,
  prune,
  recoverDatabase,
  requestJoin,
  roster,
  rotateEpoch,
  sealGossip,
  setEnabled,
  verifyHistory,
} from '../../src/index.js';
import { settleSecrets } from '../../src/store/secrets/change-passphrase.js';
import { SECRET_COLUMNS } from '../../src/store/secrets/secret-columns.js';
import { toHex } from '../support/hex.js';
import { openProtected, PASSPHRASE, protect } from './passphrases.js';
import { temporaryFile } from './temporary-folder.js';

const code = (expected: string) => expect.objectContaining({ code: expected });
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const OAK = new TextEncoder().encode('the oak is sound');

/** Every secret that the database can open, by where it stands. */
function secretsOf(db: MeshDatabase): Map<string, Uint8Array> {
  const found = new Map<string, Uint8Array>();
  for (const { table, column, key } of SECRET_COLUMNS) {
    const rows = db.sql.all(`SELECT ${key} AS row, ${column} AS stored FROM ${table} WHERE ${column} IS NOT NULL`);
    for (const { row, stored } of rows) {
      const place = { table, column, row: row as number | Uint8Array };
      found.set(`${table} ${column} ${row}`, db.secrets.open(place, stored));
    }
  }
  return found;
}

/** The files beside a database, and those secrets of it that they show. */
function exposed(file: string, secrets: ReadonlyMap<string, Uint8Array>): string[] {
  const shown: string[] = [];
  for (const name of fs.readdirSync(dirname(file))) {
    const content = fs.readFileSync(join(dirname(file), name));
    for (const secret of secrets.values()) if (content.indexOf(toHex(secret), 0, 'hex') >= 0) shown.push(name);
  }
  return shown;
}

/** The names and contents of a database's file and all beside it, in a form that is quick to compare. */
function contentBeside(file: string): string[] {
  return fs.readdirSync(dirname(file)).map((name) => `${name} ${fs.readFileSync(join(dirname(file), name), 'base64')}`);
}

/** What a server keeps of the certificate that it made for itself. */
function keepCertificateKey(db: MeshDatabase): void {
  const key = db.secrets.seal({ table: 'mesh_certificate', column: 'private_key', row: 1 }, randomBytes(32));
  db.sql.run('INSERT OR IGNORE INTO mesh_certificate VALUES (1, zeroblob(1), ?, 0)', [key]);
}

/** A group life in one database: an invite that was used and one that is open, a kick, a rotation, messages. */
async function live(db: MeshDatabase): Promise<void> {
  if (loadIdentity(db) === null) initIdentity(db, { groupName: 'orchard', memberId: 'ada' });
  setEnabled(db, true);
  const ben = await openDatabase();
  const { request } = requestJoin(ben, createInvite(db).invite, { memberId: 'ben' });
  acceptWelcome(ben, addMember(db, request).welcome);
  setEnabled(ben, true);
  createInvite(db);
  keepCertificateKey(db);
  openGossip(db, sealGossip(ben, OAK));
  sealGossip(db, OAK);
  kickMember(db, 'ben');
  rotateEpoch(db);
  ben.close();
}

/** All of a database's bytes in the rows that hold secrets. */
function storedSecrets(db: MeshDatabase): Uint8Array {
  const rows = [
    ...db.sql.all('SELECT sign_priv || dh_priv AS stored FROM mesh_identity'),
    ...db.sql.all('SELECT secret AS stored FROM mesh_secret ORDER BY event_id'),
    ...db.sql.all('SELECT secret AS stored FROM mesh_invite WHERE secret IS NOT NULL ORDER BY invite_id'),
  ];
  return concatBytes(...rows.map(({ stored }) => new TextEncoder().encode(String(stored))));
}

afterEach(() => {
  vi.restoreAllMocks();
});

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

test('A change of the passphrase knows every column of the schema that may be sealed', async () => {
  const db = await openDatabase();
  const tables = db.sql.all("SELECT name, sql FROM sqlite_schema WHERE type = 'table'");
  const sealed = tables.flatMap(({ name, sql }) =>
    [...String(sql).matchAll(/CHECK \(length\((\w+)\) IN \(32, 72\)\)/g)].map(([, column]) => `${name}.${column}`),
  );
  expect(sealed.sort()).toEqual(SECRET_COLUMNS.map(({ table, column }) => `${table}.${column}`).sort());
});

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

describe('A locked database', () => {
  /** A group of two, whose admin's database is locked. */
  async function lockedPeers() {
    const ada = await openProtected();
    initIdentity(ada, { groupName: 'orchard', memberId: 'ada' });
    setEnabled(ada, true);
    const ben = await openDatabase();
    const { request } = requestJoin(ben, createInvite(ada).invite, { memberId: 'ben' });
    acceptWelcome(ben, addMember(ada, request, { role: 'admin' }).welcome);
    setEnabled(ben, true);
    ada.lock();
    return { ada, ben };
  }

  test('shows what is public', async () => {
    const { ada } = await lockedPeers();
    expect(ada.secrets.state).toBe('locked');
    expect(meshStatus(ada)).toMatchObject({ state: 'member', memberId: 'ada', group: { hasSecret: true, epoch: 1 } });
    expect(
      roster(ada)
        .map(({ memberId }) => memberId)
        .sort(),
    ).toEqual(['ada', 'ben']);
    expect(history(ada)).toHaveLength(2);
    expect(eventsSince(ada)).toHaveLength(2);
    expect(verifyHistory(ada)).toMatchObject({ ok: true, events: 2, secrets: 0, lockedSecrets: 2 });
  });

  test('refuses whatever needs a secret, and changes nothing', async () => {
    const { ada, ben } = await lockedPeers();
    const message = sealGossip(ben, OAK);
    const { bundle } = rotateEpoch(ben);
    const fresh = await openProtected();
    fresh.lock();
    const { invite } = createInvite(ben);
    const content = () => [ada, fresh].map((db) => db.sql.all('SELECT * FROM mesh_event, mesh_secret, mesh_gossip'));
    const before = content();
    for (const attempt of [
      () => loadIdentity(ada),
      () => createInvite(ada),
      () => kickMember(ada, 'ben'),
      () => rotateEpoch(ada),
      () => sealGossip(ada, OAK),
      () => openGossip(ada, message),
      () => openGossipBatch(ada, [message]),
      () => applyEvents(ada, [bundle]),
      () => initIdentity(fresh, { groupName: 'other' }),
      () => requestJoin(fresh, invite),
    ]) {
      expect(attempt, String(attempt)).toThrow(code('secrets-locked'));
    }
    await expect(changePassphrase(ada, { to: 'another' })).rejects.toThrow(code('secrets-locked'));
    expect(content()).toEqual(before);
    expect(currentEpoch(ada)).toBe(1);
  });

  test('takes in events without envelopes, and works on once it is unlocked', async () => {
    const { ada, ben } = await lockedPeers();
    const message = sealGossip(ben, OAK);
    await expect(ada.unlock('an ash')).rejects.toThrow(code('wrong-passphrase'));
    expect(ada.secrets.state).toBe('locked');
    await ada.unlock(PASSPHRASE);
    expect(ada.secrets.state).toBe('unlocked');
    expect(text(openGossip(ada, message).payload)).toBe('the oak is sound');
    applyEvents(ada, [rotateEpoch(ben).bundle]);
    expect(currentEpoch(ada)).toBe(2);
    // A wrong passphrase does not lock what is unlocked.
    await expect(ada.unlock('an ash')).rejects.toThrow(code('wrong-passphrase'));
    sealGossip(ada, OAK);
  });

  test('can be opened so, from a file and read-only, and unlocked later', async () => {
    const file = temporaryFile();
    const db = await openProtected(file);
    await live(db);
    const secrets = secretsOf(db);
    db.close();
    for (const readonly of [false, true]) {
      const locked = await openDatabase({ file, locked: true, readonly });
      expect(locked.secrets.state).toBe('locked');
      expect(verifyHistory(locked).ok).toBe(true);
      locked.backup(`${file}.${readonly}`);
      await locked.unlock(PASSPHRASE);
      expect(secretsOf(locked)).toEqual(secrets);
      locked.close();
    }
    const backup = await openDatabase({ file: `${file}.true`, passphrase: PASSPHRASE });
    expect(secretsOf(backup)).toEqual(secrets);
    backup.close();
  });

  test('no longer holds the key in memory', async () => {
    const wiped = vi.spyOn(Uint8Array.prototype, 'fill');
    const { ada } = await lockedPeers();
    const keys = () =>
      (wiped.mock.contexts as Uint8Array[]).filter((bytes) => bytes.length === 32 && bytes.every((byte) => byte === 0));
    const count = keys().length;
    await ada.unlock(PASSPHRASE);
    // The key that follows from the passphrase is wiped as soon as it has opened the data key.
    expect(keys().length).toBeGreaterThan(count);
    const unlocked = keys().length;
    ada.lock();
    expect(keys().length).toBe(unlocked + 1);
    ada.lock();
    expect(keys().length).toBe(unlocked + 1);
    await ada.unlock(PASSPHRASE);
    const again = keys().length;
    ada.close();
    expect(keys().length).toBe(again + 1);
  });

  test('stays locked where it was closed while the key was made', async () => {
    const { ada } = await lockedPeers();
    const unlocking = ada.unlock(PASSPHRASE);
    ada.close();
    await expect(unlocking).rejects.toThrow(code('database-closed'));
    expect(ada.secrets.state).toBe('locked');
  });
});

describe('A stored secret that was tampered with', () => {
  const columns = [
    ['mesh_identity', 'sign_priv', (db: MeshDatabase) => sealGossip(db, OAK)],
    ['mesh_identity', 'dh_priv', (db: MeshDatabase) => loadIdentity(db)],
    ['mesh_secret', 'secret', (db: MeshDatabase) => sealGossip(db, OAK)],
  ] as const;

  test.each(columns)('in %s.%s is refused: each byte of nonce, text and tag', async (table, column, use) => {
    const db = await openProtected();
    initIdentity(db, { groupName: 'orchard' });
    setEnabled(db, true);
    const stored = db.sql.get(`SELECT ${column} FROM ${table}`)?.[column] as Uint8Array;
    expect(stored).toHaveLength(24 + 32 + 16);
    for (const at of [0, 23, 24, 40, 55, 56, 71]) {
      const changed = stored.slice();
      changed[at] = (changed[at] as number) ^ 0x80;
      db.sql.run(`UPDATE ${table} SET ${column} = ?`, [changed]);
      expect(() => use(db), `byte ${at}`).toThrow(code('secret-damaged'));
    }
    db.sql.run(`UPDATE ${table} SET ${column} = zeroblob(32)`);
    expect(() => use(db), 'in the clear').toThrow(code('secret-damaged'));
    db.sql.run(`UPDATE ${table} SET ${column} = ?`, [stored]);
    use(db);
  });

  test('is refused in another column, row or table', async () => {
    const db = await openProtected();
    await live(db);
    db.sql.run('UPDATE mesh_identity SET sign_priv = dh_priv');
    expect(() => rotateEpoch(db)).toThrow(code('secret-damaged'));

    const rows = db.sql.all('SELECT event_id, secret FROM mesh_secret');
    const [first, second] = rows as { event_id: Uint8Array; secret: Uint8Array }[];
    db.sql.run('UPDATE mesh_secret SET secret = ? WHERE event_id = ?', [
      second?.secret as Uint8Array,
      first?.event_id as Uint8Array,
    ]);
    expect(verifyHistory(db)).toMatchObject({ ok: false, secrets: 3 });
    expect(verifyHistory(db).problems.join()).toContain('mesh_secret.secret was changed, or moved there');

    const invite = db.sql.get('SELECT invite_id FROM mesh_invite WHERE secret IS NOT NULL')?.invite_id as Uint8Array;
    const place = { table: 'mesh_invite', column: 'secret', row: invite } as const;
    expect(() => db.secrets.open(place, second?.secret)).toThrow(code('secret-damaged'));
  });

  test('stops a change of the passphrase, which then has changed nothing', async () => {
    const db = await openProtected();
    await live(db);
    const before = storedSecrets(db);
    db.sql.run('UPDATE mesh_invite SET secret = zeroblob(72) WHERE secret IS NULL');
    await expect(protect(db, 'another')).rejects.toThrow(code('secret-damaged'));
    db.sql.run('UPDATE mesh_invite SET secret = NULL WHERE secret = zeroblob(72)');
    expect(storedSecrets(db)).toEqual(before);
    expect(secretsOf(db).size).toBe(8);
    db.lock();
    await db.unlock(PASSPHRASE);
  });
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
