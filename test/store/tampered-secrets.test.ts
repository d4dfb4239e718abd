/** Stored secrets that somebody changed or moved. */
import { describe, expect, test } from 'vitest';
import {
  initIdentity,
  loadIdentity,
  type MeshDatabase,
  rotateEpoch,
  sealGossip,
  setEnabled,
  verifyHistory,
} from '../../src/index.js';
import { openProtected, PASSPHRASE, protect } from './passphrases.js';
import { live, OAK, secretsOf, storedSecrets } from './sealed-life.js';

const code = (expected: string) => expect.objectContaining({ code: expected });

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
