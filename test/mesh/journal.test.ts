/** That a journal tells all that the library's own functions write: its readers hold the same rows as its writer. */
import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  acceptWelcome,
  addMember,
  applyEvents,
  changePassphrase,
  createInvite,
  eventsSince,
  ingest,
  initIdentity,
  kickMember,
  type MeshDatabase,
  openDatabase,
  openGossipBatch,
  prune,
  requestJoin,
  rotateEpoch,
  sealGossip,
  setEnabled,
} from '../../src/index.js';
import { temporaryFile } from '../store/temporary-folder.js';

/** All rows of all tables, but what names the image and the file. */
function contentOf(db: MeshDatabase): unknown {
  const tables = db.sql.all("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name");
  return tables.map(({ name }) => ({
    name,
    rows: db.sql
      .all(`SELECT * FROM ${String(name)}`)
      .filter(({ key }) => !['lineage', 'file_token', 'image_id'].includes(String(key))),
  }));
}

describe('what the library does to a journaled database', () => {
  test('is read from image and journal as it was written, step by step', async () => {
    const file = temporaryFile();
    const ada = await openDatabase({ file, journalFrom: 0 });
    const ben = await openDatabase();
    const check = async () => {
      const reader = await openDatabase({ file, readonly: true, locked: true });
      expect(contentOf(reader)).toStrictEqual(contentOf(ada));
      reader.close();
    };

    initIdentity(ada, { groupName: 'orchard' });
    setEnabled(ada, true);
    await check();
    const { invite } = createInvite(ada);
    const { request, memberId } = requestJoin(ben, invite);
    acceptWelcome(ben, addMember(ada, request).welcome);
    setEnabled(ben, true);
    await check();
    rotateEpoch(ada);
    applyEvents(ben, eventsSince(ada));
    openGossipBatch(
      ada,
      Array.from({ length: 20 }, (_, i) => sealGossip(ben, new Uint8Array(100).fill(i))),
    );
    sealGossip(ada, Uint8Array.of(1, 2, 3));
    await check();
    await ingest(ada, new TextEncoder().encode('An apple a day.'), { uri: 'file:///apple', store: 'chunks' });
    await check();
    kickMember(ada, memberId);
    await check();
    expect(existsSync(`${file}.journal`)).toBe(true);
    await changePassphrase(ada, { to: 'correct horse' });
    rotateEpoch(ada);
    await check();
    prune(ada, { messages: 5, envelopeEpochs: 1 });
    sealGossip(ada, Uint8Array.of(4));
    await check();
    ada.close();
  });
});
