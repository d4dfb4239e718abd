/** What can be done with a database that is locked. */
import { afterEach, describe, expect, test, vi } from 'vitest';
import {
  applyEvents,
  changePassphrase,
  createInvite,
  currentEpoch,
  eventsSince,
  history,
  initIdentity,
  kickMember,
  loadIdentity,
  meshStatus,
  openDatabase,
  openGossip,
  openGossipBatch,
  requestJoin,
  roster,
  rotateEpoch,
  sealGossip,
  setEnabled,
  verifyHistory,
} from '../../src/index.js';
import { join } from '../mesh/support/peers.js';
import { openProtected, PASSPHRASE } from './passphrases.js';
import { live, OAK, secretsOf } from './sealed-life.js';
import { temporaryFile } from './temporary-folder.js';

const code = (expected: string) => expect.objectContaining({ code: expected });

afterEach(() => {
  vi.restoreAllMocks();
});

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

describe('A locked database', () => {
  /** A group of two, whose admin's database is locked. */
  async function lockedPeers() {
    const ada = await openProtected();
    initIdentity(ada, { groupName: 'orchard', memberId: 'ada' });
    setEnabled(ada, true);
    const ben = await openDatabase();
    join(ada, ben, 'ben', { role: 'admin' });
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
