/** What a peer tells of the gossip that it has, where senders choose positions that no honest one would. */
import { describe, expect, test } from 'vitest';
import { randomBytes } from '../../src/crypto/random.js';
import {
  applyEvents,
  kickMember,
  type MeshDatabase,
  meshStatus,
  openGossip,
  openGossipBatch,
  sealGossip,
} from '../../src/index.js';
import { loadSecret } from '../../src/mesh/envelope-store.js';
import { takeMessages } from '../../src/mesh/gossip-exchange.js';
import { gossipKey, signGossip } from '../../src/mesh/gossip-message.js';
import { streamFloor } from '../../src/mesh/gossip-store.js';
import { bucketOf, forgetVectors, gossipVectors, MAX_RANGES } from '../../src/mesh/gossip-vectors.js';
import { requireMembership } from '../../src/mesh/group.js';
import { loadSigningKey } from '../../src/mesh/identity.js';
import { areRanges, pairsOf, withoutRanges } from '../../src/mesh/ranges.js';
import { runSync } from '../wire/support/run-sync.js';
import { join, openGroup, openPeer } from './support/peers.js';

const LAST = Number.MAX_SAFE_INTEGER;
const text = new TextEncoder().encode('the oak is sound');

/** A well-sealed message of a member at any position of a stream. */
function messageAt(db: MeshDatabase, streamId: Uint8Array, seq: number): Uint8Array {
  const { id: groupId, self, head } = requireMembership(db);
  const key = gossipKey(loadSecret(db, head.id) as Uint8Array, groupId, head.id, self.mid);
  const prevMsgId = seq === 0 ? null : randomBytes(32);
  const header = { groupId, eventId: head.id, streamId, seq, prevMsgId };
  return signGossip({ mid: self.mid, signPriv: loadSigningKey(db), key }, header, text).bytes;
}

const midOf = (db: MeshDatabase) => requireMembership(db).self.mid;
const digests = (db: MeshDatabase) => gossipVectors(db).bucketDigests();

/** What a peer tells of one stream. */
function heldOf(db: MeshDatabase, mid: Uint8Array, streamId: Uint8Array): readonly number[] | undefined {
  const vectors = gossipVectors(db).bucket(bucketOf(mid, streamId));
  return vectors.find((vector) => String(vector.streamId) === String(streamId))?.held;
}

/** The digests as kept in memory, and as read from the tables. */
function expectSameAnew(db: MeshDatabase): void {
  const kept = digests(db);
  forgetVectors(db);
  expect(digests(db)).toStrictEqual(kept);
}

describe('A message at the last position that there is', () => {
  test('keeps nobody from comparing gossip, neither while its sender is a member nor after the kick', async () => {
    const { ada, ben, eve } = await openGroup(['ada', 'ben', 'eve']);
    const [mid, streamId] = [midOf(eve), randomBytes(16)];
    const messages = [LAST - 1, LAST].map((seq) => messageAt(eve, streamId, seq));
    // Each one in a peer that lacks the other, since they do not link.
    openGossip(ada, messages[1] as Uint8Array);
    openGossip(ben, messages[0] as Uint8Array);
    expect(heldOf(ada, mid, streamId)).toBeUndefined();
    expect(heldOf(ben, mid, streamId)).toEqual([LAST - 1, LAST]);

    applyEvents(ben, [kickMember(ada, 'eve').bundle]);
    for (const db of [ada, ben]) expectSameAnew(db);
    openGossip(ben, sealGossip(ada, text));
    expect(digests(ada)).toHaveLength(256 * 16);
  });

  test('from before a newcomer raises a floor that the database can give back', async () => {
    const { ada, ben } = await openGroup(['ada', 'ben']);
    const streamId = randomBytes(16);
    const message = messageAt(ben, streamId, LAST);
    const dora = await openPeer();
    join(ada, dora, 'dora', { others: [ben] });
    expect(takeMessages(dora, [message])).toMatchObject([{ error: { code: 'no-epoch-secret' } }]);
    expect(streamFloor(dora, midOf(ben), streamId)).toBe(LAST);
    expect(heldOf(dora, midOf(ben), streamId)).toEqual([0, LAST]);
    expectSameAnew(dora);
  });
});

const stored = (db: MeshDatabase) => meshStatus(db).group?.messages as number;

/** Puts rows at every other position of a stream into the table, as if messages had come: numbers `from` to `count`. */
function insertGaps(db: MeshDatabase, mid: Uint8Array, streamId: Uint8Array, count: number, from = 0): void {
  const { head } = requireMembership(db);
  db.sql.run(
    `INSERT INTO mesh_gossip (msg_id, mid, stream_id, seq, prev_msg_id, event_id, frame)
     WITH RECURSIVE place (seq) AS (SELECT 2 * ?5 UNION ALL SELECT seq + 2 FROM place WHERE seq < 2 * (?1 - 1))
     SELECT CAST(printf('%032d', seq) AS BLOB), ?2, ?3, seq, NULL, ?4, x'00' FROM place`,
    [count, mid, streamId, head.id, from],
  );
}

describe('A stream with gaps', () => {
  test('is read in one pass, however many they are', async () => {
    const { ada } = await openGroup(['ada']);
    const [mid, streamId] = [midOf(ada), randomBytes(16)];
    insertGaps(ada, mid, streamId, 50_000);
    expect(heldOf(ada, mid, streamId)?.at(-1)).toBe(99_999);
    expectSameAnew(ada);
  });

  test('is told in at most 32 ranges that leave out nothing, each of its gaps now and then', async () => {
    const { ada } = await openGroup(['ada']);
    const [mid, streamId] = [midOf(ada), randomBytes(16)];
    const told = () => heldOf(ada, mid, streamId) as number[];
    insertGaps(ada, mid, streamId, MAX_RANGES);
    expect(told()).toHaveLength(2 * MAX_RANGES);
    insertGaps(ada, mid, streamId, 100, MAX_RANGES);
    const gaps = new Set<number>();
    for (let i = 0; i < 200; i++) {
      const ranges = told();
      expect(areRanges(ranges)).toBe(true);
      expect([ranges[0], ranges.at(-1), ranges.length <= 2 * MAX_RANGES]).toEqual([0, 199, true]);
      const missed = withoutRanges([0, 199], ranges);
      for (const [from, to] of pairsOf(missed)) {
        expect([from % 2, to - from]).toEqual([1, 1]);
        gaps.add(from);
      }
    }
    expect(gaps.size).toBe(99);
  });

  test('is evened out between two peers, by however few ranges each tells, and nothing is fetched twice', async () => {
    const { ada, ben, cleo } = await openGroup(['ada', 'ben', 'cleo']);
    const said = Array.from({ length: 300 }, () => sealGossip(ada, text));
    openGossipBatch(
      ben,
      said.filter((_, i) => i % 2 === 0),
    );
    openGossipBatch(
      cleo,
      said.filter((_, i) => i % 3 === 0 || i > 290),
    );
    const both = said.filter((_, i) => i % 2 === 0 || i % 3 === 0 || i > 290).length;
    const lacking = both - stored(ben);
    let carried = 0;
    for (let i = 0; i < 200 && stored(ben) + stored(cleo) < 2 * both; i++)
      carried += runSync(ben, cleo).carried.messages;
    expect([stored(ben), stored(cleo), carried]).toEqual([both, both, lacking]);
    expect(digests(ben)).toStrictEqual(digests(cleo));
    expect(runSync(ben, cleo).questions).toEqual(['summary']);
    for (let i = 0; i < 200 && stored(ben) < 300; i++) runSync(ben, ada);
    expect(digests(ben)).toStrictEqual(digests(ada));
  });

  test('differs in its digest wherever it differs, also beyond the ranges that a vector tells', async () => {
    const { ada, ben } = await openGroup(['ada', 'ben']);
    const [mid, streamId] = [midOf(ada), randomBytes(16)];
    for (const db of [ada, ben]) insertGaps(db, mid, streamId, 2 * MAX_RANGES);
    expect(digests(ada)).toStrictEqual(digests(ben));
    openGossip(ben, messageAt(ada, streamId, 1_001));
    expect(digests(ada)).not.toStrictEqual(digests(ben));
    openGossip(ada, messageAt(ada, streamId, 1_001));
    expect(digests(ada)).toStrictEqual(digests(ben));
  });
});
