/** The bytes of an idle synchronization in a large group, on the wire. Only with `--mode long`. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { become, makeGroup } from '../../../bench/load/make-group.mjs';
import { openRelay } from '../../../bench/load/relay.mjs';
import { type MeshDatabase, openDatabase } from '../../../src/index.js';
import { syncWith } from '../../../src/wire/index.js';
import { PeerProcess } from './peer-process.js';

const MEMBERS = 1_000;
const MESSAGES_EACH = 100;

/** Rows of messages that nobody will open: what peers compare is who said how much. */
function fillWithMessages(db: MeshDatabase): void {
  db.sql.run(
    `WITH RECURSIVE position (seq) AS (SELECT 0 UNION ALL SELECT seq + 1 FROM position WHERE seq + 1 < ?)
     INSERT INTO mesh_gossip (msg_id, mid, stream_id, seq, prev_msg_id, event_id, frame)
     SELECT CAST(hex(substr(mid, 1, 12)) || printf('%08d', seq) AS BLOB), mid, substr(mid, 1, 16), seq, NULL, mid, zeroblob(350)
     FROM mesh_roster, position`,
    [MESSAGES_EACH],
  );
}

describe('A synchronization of two peers in step', () => {
  let folder: string;
  let server: PeerProcess;
  let db: MeshDatabase;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'arborist-idle-'));
    server = new PeerProcess();
    const { db: made, members } = await makeGroup(MEMBERS);
    const [member] = members;
    if (member === undefined) throw new Error('the group has no second member');
    fillWithMessages(made);
    made.backup(join(folder, 'server.db'));
    become(made, member);
    db = await openDatabase({ bytes: made.export() });
    made.close();
    await server.call('open', join(folder, 'server.db'));
  }, 300_000);
  afterAll(async () => {
    await server.end();
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  test('is one request and less than 1 KiB on the wire, with 1,000 members and 100,000 messages', async () => {
    expect(db.sql.get('SELECT count(*) AS count FROM mesh_gossip')).toEqual({ count: MEMBERS * MESSAGES_EACH });
    const { url } = await server.call<{ url: string }>('serve', { tls: false });
    const relay = await openRelay(Number(new URL(url).port));
    const peer = { url: `http://127.0.0.1:${relay.port}` };
    // The first one asks who answers there.
    await syncWith(db, peer);
    const before = relay.bytes();
    const { exchanges } = await syncWith(db, peer);
    const after = relay.bytes();
    expect(exchanges).toBe(1);
    expect(after.up - before.up + after.down - before.down).toBeLessThan(1_024);
    await relay.close();
  });
});
