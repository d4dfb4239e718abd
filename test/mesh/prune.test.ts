import { describe, expect, test } from 'vitest';
import {
  eventsSince,
  InvalidInputError,
  kickMember,
  type MeshDatabase,
  openDatabase,
  openGossip,
  type PruneOptions,
  prune,
  rotateEpoch,
  sealGossip,
  verifyHistory,
} from '../../src/index.js';
import { storedEvent } from '../../src/mesh/event-store.js';
import { deliver, join, openGroup, openPeer } from './support/peers.js';

const code = (expected: string) => expect.objectContaining({ code: expected });
const everything: PruneOptions = { messages: 0, envelopeEpochs: 1 };

/** Ada and Ben after four epochs of ten messages of Ben's each. */
async function talkativeGroup() {
  const { ada, ben } = await openGroup(['ada', 'ben']);
  const messages: Uint8Array[] = [];
  for (let epoch = 1; epoch <= 4; epoch++) {
    for (let i = 0; i < 10; i++) {
      const message = sealGossip(ben, new Uint8Array(1000).fill(i));
      openGossip(ada, message);
      messages.push(message);
    }
    if (epoch < 4) deliver(rotateEpoch(ada).bundle, [ben]);
  }
  return { ada, ben, messages };
}

const seqsOf = (db: MeshDatabase) => db.sql.all('SELECT seq FROM mesh_gossip ORDER BY seq').map(({ seq }) => seq);
const epochsOfEnvelopes = (db: MeshDatabase) =>
  db.sql.all('SELECT epoch FROM mesh_envelope JOIN mesh_event USING (event_id) ORDER BY epoch').map((row) => row.epoch);

describe('pruning', () => {
  test('says what it frees without doing it, and then does just that', async () => {
    const { ada } = await talkativeGroup();
    const options = { messages: 25, envelopeEpochs: 2 };
    const before = ada.export();
    const plan = prune(ada, { ...options, dryRun: true });
    expect(plan).toMatchObject({ messages: 15, envelopes: 3, done: false });
    expect(plan.messageBytes).toBeGreaterThan(15_000);
    expect(ada.export()).toEqual(before);

    expect(prune(ada, options)).toEqual({ ...plan, done: true });
    expect(seqsOf(ada)).toEqual(Array.from({ length: 25 }, (_, i) => i + 15));
    expect(epochsOfEnvelopes(ada)).toEqual([3, 4]);
    expect(before.length - ada.export().length).toBeGreaterThan(12_000);
    expect(prune(ada, options)).toMatchObject({ messages: 0, envelopes: 0 });
  });

  test('by epochs keeps the messages of the last ones', async () => {
    const { ada } = await talkativeGroup();
    expect(prune(ada, { messageEpochs: 2 })).toMatchObject({ messages: 20, envelopes: 0 });
    expect(seqsOf(ada)[0]).toBe(20);
  });

  test.each([{}, { messages: 40 }, { messageEpochs: 5, envelopeEpochs: 5 }])('by %j drops nothing', async (options) => {
    const { ada } = await talkativeGroup();
    expect(prune(ada, options)).toMatchObject({ messages: 0, envelopes: 0, done: true });
  });

  test('keeps the history verifiable, and the group working', async () => {
    const { ada, ben } = await talkativeGroup();
    const { epochs, events, secrets } = verifyHistory(ada);
    for (const db of [ada, ben]) prune(db, everything);
    expect(verifyHistory(ada)).toMatchObject({ ok: true, epochs, events, secrets, envelopes: 1, messages: 1 });

    const cleo = await openPeer();
    join(ada, cleo, 'cleo', { others: [ben] });
    expect(openGossip(cleo, sealGossip(ben, Uint8Array.of(1))).seq).toBe(40);
    expect(eventsSince(ada)).toHaveLength(epochs + 1);
    expect(verifyHistory(cleo).ok).toBe(true);
  });

  test("keeps the last message of each stream: a stream goes on, and a kick's cut names it", async () => {
    const { ada, ben } = await talkativeGroup();
    prune(ben, everything);
    prune(ada, everything);
    const next = openGossip(ada, sealGossip(ben, Uint8Array.of(1)));
    expect([next.seq, next.duplicate]).toEqual([40, false]);
    const { change } = storedEvent(ada, kickMember(ada, 'ben').eventId);
    expect(change.kind === 'kick' && change.cut.map(({ seq, msgId }) => [seq, msgId])).toEqual([[40, next.msgId]]);
  });

  test('lets no dropped message pass for a new one, not even after more was dropped', async () => {
    const { ada, messages } = await talkativeGroup();
    prune(ada, { messages: 30 });
    const [first, tenth, last] = [0, 10, 39].map((i) => messages[i] as Uint8Array);
    expect(() => openGossip(ada, first as Uint8Array)).toThrow(code('pruned'));
    expect(openGossip(ada, tenth as Uint8Array).duplicate).toBe(true);
    prune(ada, everything);
    for (const message of messages.slice(0, -1)) expect(() => openGossip(ada, message)).toThrow(code('pruned'));
    expect(openGossip(ada, last as Uint8Array).duplicate).toBe(true);
  });

  test('refuses bounds that are none, and a transaction around it', async () => {
    const { ada } = await talkativeGroup();
    for (const options of [{ messages: -1 }, { messages: 1.5 }, { messageEpochs: 0 }, { envelopeEpochs: 0 }]) {
      expect(() => prune(ada, options)).toThrow(InvalidInputError);
    }
    expect(() => ada.transaction(() => prune(ada, everything))).toThrow(code('in-transaction'));
    expect(seqsOf(ada)).toHaveLength(40);
    const empty = await openDatabase();
    expect(() => prune(empty, everything)).toThrow(code('no-group'));
  });
});
