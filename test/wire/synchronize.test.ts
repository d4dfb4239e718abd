/** The state machine that gets two peers in step, without any transport. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  createInvite,
  kickMember,
  type MeshDatabase,
  meshStatus,
  openDatabase,
  openGossip,
  prune,
  requestJoin,
  rotateEpoch,
  sealGossip,
} from '../../src/index.js';
import { decodeBundle, encodeBundle } from '../../src/mesh/bundle.js';
import { bucketOf, type StreamVector } from '../../src/mesh/gossip-vectors.js';
import { BadAnswerError } from '../../src/wire/errors.js';
import { answerQuestion } from '../../src/wire/sync/answer.js';
import { databaseReplica } from '../../src/wire/sync/database-replica.js';
import { type Answers, readQuestion, writeQuestion } from '../../src/wire/sync/questions.js';
import { emptyTally, synchronize } from '../../src/wire/sync/synchronize.js';
import { deliver, join, openGroup, openPeer } from '../mesh/support/peers.js';
import { zeros } from './support/handler-peers.js';
import { runSync } from './support/run-sync.js';

const bytes = (text: string) => new TextEncoder().encode(text);
const say = (db: MeshDatabase, text: string) => sealGossip(db, bytes(text));
const messages = (db: MeshDatabase) => meshStatus(db).group?.messages;
const head = (db: MeshDatabase) => meshStatus(db).group?.head;
const digests = (db: MeshDatabase) => {
  const replica = databaseReplica(db);
  return [replica.eventsDigest(), replica.gossipDigest()];
};

describe('Two peers in step', () => {
  test('ask each other one question', async () => {
    const { ada, ben } = await openGroup(['ada', 'ben']);
    const message = say(ada, 'the oak is sound');
    openGossip(ben, message);
    const { questions, tally } = runSync(ada, ben);
    expect(questions).toEqual(['summary']);
    expect(tally).toMatchObject({
      received: { events: 0, messages: 0, faults: 0, endpoints: 0 },
      delivered: 0,
      refused: [],
    });
  });
});

describe('A synchronization', () => {
  test('brings messages and events in both directions', async () => {
    const { ada, ben } = await openGroup(['ada', 'ben']);
    for (let i = 0; i < 5; i++) say(ben, `ben ${i}`);
    rotateEpoch(ada);
    for (let i = 0; i < 7; i++) say(ada, `ada ${i}`);
    const { tally } = runSync(ben, ada);
    expect(tally).toMatchObject({
      received: { events: 1, messages: 7 },
      delivered: 5,
      deliveriesRefused: 0,
      refused: [],
    });
    expect(head(ben)).toEqual(head(ada));
    expect([messages(ada), messages(ben)]).toEqual([12, 12]);
    expect(digests(ada)).toEqual(digests(ben));
    expect(runSync(ben, ada).questions).toEqual(['summary']);
  });

  test('heals a fork: both sides choose the same head', async () => {
    const { ada, ben, cleo } = await openGroup(['ada', 'ben', 'cleo'], ['ben']);
    rotateEpoch(ada);
    rotateEpoch(ben);
    rotateEpoch(ben);
    runSync(ben, ada);
    runSync(cleo, ben);
    expect(head(ben)).toEqual(head(ada));
    expect(head(cleo)).toEqual(head(ada));
    expect(digests(cleo)).toEqual(digests(ada));
    expect(runSync(cleo, ada).questions).toEqual(['summary']);
  });

  test('fills the gaps of a stream', async () => {
    const { ada, ben } = await openGroup(['ada', 'ben']);
    const sent = ['a', 'b', 'c', 'd', 'e'].map((text) => say(ada, text));
    for (const i of [1, 4]) openGossip(ben, sent[i] as Uint8Array);
    const { tally } = runSync(ben, ada);
    expect(tally.received.messages).toBe(3);
    expect(digests(ada)).toEqual(digests(ben));
  });

  test('tells a newcomer once what it can never open, with a message a stream', async () => {
    const { ada, ben } = await openGroup(['ada', 'ben']);
    for (let i = 0; i < 20; i++) say(ada, `old ${i}`);
    for (let i = 0; i < 20; i++) openGossip(ben, say(ada, `old as well ${i}`));
    runSync(ben, ada);
    const dora = await openPeer();
    join(ada, dora, 'dora', { others: [ben] });
    say(ada, 'new');
    const first = runSync(dora, ada);
    expect(first.tally).toMatchObject({ received: { messages: 1 }, refused: [] });
    expect(first.carried.messages).toBe(2);
    expect(digests(dora)).toEqual(digests(ada));
    expect(runSync(dora, ada).questions).toEqual(['summary']);
  });

  test('leaves out what a kicked member said past the cut, on both sides', async () => {
    const { ada, ben, eve } = await openGroup(['ada', 'ben', 'eve']);
    const early = say(eve, 'early');
    for (const db of [ada, ben]) openGossip(db, early);
    const late = say(eve, 'late');
    openGossip(ben, late);
    kickMember(ada, 'eve');
    expect(runSync(ben, ada).tally).toMatchObject({ received: { events: 1 }, refused: [] });
    expect(runSync(ben, ada).questions).toEqual(['summary']);
  });

  test('does not bring back what was pruned', async () => {
    const { ada, ben } = await openGroup(['ada', 'ben']);
    for (let i = 0; i < 10; i++) openGossip(ben, say(ada, `${i}`));
    expect(runSync(ben, ada).questions).toEqual(['summary']);
    prune(ben, { messages: 2 });
    expect(runSync(ben, ada).questions).toEqual(['summary']);
    openGossip(ben, say(ada, 'more'));
    expect(runSync(ben, ada).questions).toEqual(['summary']);
  });

  test('asks again for an envelope that did not come', async () => {
    const { ada, ben, cleo } = await openGroup(['ada', 'ben', 'cleo']);
    const { bundle } = rotateEpoch(ada);
    deliver(bundle, [ben]);
    deliver(encodeBundle({ ...decodeBundle(bundle), envelope: null }), [cleo]);
    expect(meshStatus(cleo).group?.hasSecret).toBe(false);
    runSync(cleo, ben);
    expect(meshStatus(cleo).group?.hasSecret).toBe(true);
  });

  test('continues where it broke off', async () => {
    const { ada, ben } = await openGroup(['ada', 'ben']);
    for (let i = 0; i < 1_200; i++) say(ada, `${i}`);
    for (const expected of [512, 1_024, 1_200]) {
      runSync(ben, ada, { breakAfter: 3 });
      expect(messages(ben)).toBe(expected);
    }
    expect(digests(ada)).toEqual(digests(ben));
  });

  test('leaves a peer with nothing but its welcome in step', async () => {
    const { ada } = await openGroup(['ada']);
    for (let i = 0; i < 30; i++) rotateEpoch(ada);
    const ben = await openPeer();
    const { invite } = createInvite(ada);
    requestJoin(ben, invite, { memberId: 'ben' });
    join(ada, ben, 'ben');
    for (let i = 0; i < 30; i++) rotateEpoch(ada);
    expect(runSync(ben, ada).tally.received.events).toBe(30);
    expect(head(ben)).toEqual(head(ada));
  });
});

describe('A server that never comes to an end', () => {
  const nothing = { locator: null, buckets: null, faults: null, endpoints: null };
  const SUMMARY = { ...nothing, buckets: new Uint8Array(4_096).fill(1) };
  /** The vectors of some streams, in their order. */
  const vectorsOf = (mid: Uint8Array, count: number) =>
    Array.from({ length: count }, (_, i) => ({ mid, streamId: new Uint8Array(16).fill(i + 1), held: [0, 3] }))
      .map((vector) => ({ vector, bucket: bucketOf(mid, vector.streamId) }))
      .sort((a, b) => a.bucket - b.bucket)
      .map(({ vector }) => vector);
  const cursorOf = ({ mid, streamId }: StreamVector) => ({ bucket: bucketOf(mid, streamId), mid, streamId });

  async function asking() {
    const { ada, ben } = await openGroup(['ada', 'ben']);
    const steps = synchronize(databaseReplica(ben), emptyTally());
    expect(steps.next().value).toMatchObject({ kind: 'summary' });
    expect(steps.next(SUMMARY).value).toMatchObject({ kind: 'vectors', after: null });
    return { steps, mid: meshStatus(ada).group?.mid as Uint8Array };
  }

  test('is left where its vectors do not go on', async () => {
    for (const again of [0, 1]) {
      const { steps, mid } = await asking();
      const [first, second] = vectorsOf(mid, 2) as StreamVector[] as [StreamVector, StreamVector];
      expect(steps.next({ vectors: [second], next: cursorOf(second) }).value).toMatchObject({ kind: 'messages' });
      const asked = steps.next({ messages: [], done: 1, next: 0 });
      expect(asked.value).toMatchObject({ kind: 'vectors', after: cursorOf(second) });
      const page = { vectors: [[first, second][again] as StreamVector], next: null };
      expect(() => steps.next(page)).toThrow(BadAnswerError);
    }
  });

  test('is asked for the messages of one page before the next page', async () => {
    const { steps, mid } = await asking();
    const vectors = vectorsOf(mid, 3);
    const page = { vectors, next: cursorOf(vectors[2] as StreamVector) };
    const spans = vectors.map(({ streamId }) => ({ mid, streamId, from: 0, to: 3 }));
    expect(steps.next(page).value).toEqual({ kind: 'messages', spans });
  });

  test('is asked for no messages of a sender whose admission is not known', async () => {
    const { steps } = await asking();
    expect(steps.next({ vectors: vectorsOf(new Uint8Array(32), 3), next: null }).done).toBe(true);
  });

  test('is left where its events go back within an epoch', async () => {
    const { ben } = await openGroup(['ada', 'ben']);
    const steps = synchronize(databaseReplica(ben), emptyTally());
    steps.next();
    const page = (byte: number) => ({ bundles: [], next: { epoch: 7, eventId: new Uint8Array(32).fill(byte) } });
    expect(steps.next({ ...nothing, locator: [new Uint8Array(32)] }).value).toMatchObject({ kind: 'events' });
    expect(steps.next(page(2)).value).toMatchObject({ kind: 'events', after: { epoch: 7 } });
    expect(steps.next(page(1)).value).not.toMatchObject({ kind: 'events' });
  });
});

describe('More faults than travel at a time', () => {
  const frames = Array.from({ length: 130 }, (_, i) => new Uint8Array(8).fill(i));

  test('are delivered a part at a time', async () => {
    const { ben } = await openGroup(['ada', 'ben']);
    const steps = synchronize({ ...databaseReplica(ben), faults: () => frames }, emptyTally());
    steps.next();
    const delivered: Uint8Array[][] = [];
    let step = steps.next({ locator: null, buckets: null, faults: [], endpoints: null });
    while (step.done !== true) {
      const question = readQuestion(writeQuestion(step.value));
      if (question.kind === 'deliver') delivered.push([...question.faults]);
      step = steps.next({ fresh: 0, refused: 0 });
    }
    expect(delivered.map((part) => part.length)).toEqual([64, 64, 2]);
    expect(delivered.flat()).toEqual(frames);
  });

  test('are answered by chance, so that each gets its turn', async () => {
    const { ada } = await openGroup(['ada']);
    const replica = { ...databaseReplica(ada), faults: () => frames };
    const seen = new Set<number>();
    for (let i = 0; i < 60; i++) {
      const digests = { events: zeros(32), gossip: zeros(32), faults: zeros(32), endpoints: zeros(32) };
      const { faults } = answerQuestion(
        replica,
        { kind: 'summary', ...digests },
        { firstEpoch: 0 },
      ) as Answers['summary'];
      expect(new Set(faults).size).toBe(64);
      for (const [first = -1] of faults ?? []) seen.add(first);
    }
    expect(seen.size).toBe(130);
  });
});

describe('Any two sets of messages', () => {
  test('become the same, and then need one question', async () => {
    const { ada, ben, cleo } = await openGroup(['ada', 'ben', 'cleo']);
    const image = { ada: ada.export(), ben: ben.export() };
    const sent = Array.from({ length: 24 }, (_, i) => say(i % 3 === 0 ? cleo : i % 3 === 1 ? ada : ben, `${i}`));
    const subset = fc.uniqueArray(fc.nat({ max: sent.length - 1 }), { maxLength: sent.length });
    await fc.assert(
      fc.asyncProperty(subset, subset, async (left, right) => {
        const one = await openDatabase({ bytes: image.ada, now: () => 1_800_000_000 });
        const two = await openDatabase({ bytes: image.ben, now: () => 1_800_000_000 });
        for (const i of left) openGossip(one, sent[i] as Uint8Array);
        for (const i of right) openGossip(two, sent[i] as Uint8Array);
        runSync(one, two);
        expect(messages(one)).toBe(new Set([...left, ...right]).size);
        expect(digests(one)).toEqual(digests(two));
        expect(runSync(two, one).questions).toEqual(['summary']);
        one.close();
        two.close();
      }),
      { numRuns: 40 },
    );
  });
});
