import { describe, expect, test } from 'vitest';
import {
  acceptWelcome,
  addMember,
  applyEvents,
  createInvite,
  eventsSince,
  kickMember,
  type MeshDatabase,
  meshStatus,
  NotAuthorizedError,
  openDatabase,
  openGossip,
  pendingReplays,
  replay,
  requestJoin,
  roster,
  rotateEpoch,
  sealGossip,
  verifyHistory,
} from '../../src/index.js';
import { storedEvent } from '../../src/mesh/event-store.js';
import { deliver, join, openGroup, openPeer, START } from './support/peers.js';
import { refusal, unchanged } from './support/unchanged.js';

const names = (db: MeshDatabase) =>
  roster(db)
    .map(({ memberId }) => memberId)
    .sort();

/** Everyone hears of everything. */
function exchange(peers: readonly MeshDatabase[]): void {
  for (const from of peers) for (const to of peers) applyEvents(to, eventsSince(from));
}

describe('A kick that lost against a senior’s branch', () => {
  async function lostKick() {
    const group = await openGroup(['ada', 'ben', 'cleo', 'dan'], ['ben']);
    const kick = kickMember(group.ben, 'dan');
    rotateEpoch(group.ada);
    exchange([group.ada, group.ben, group.cleo]);
    return { ...group, kick };
  }

  test('keeps honest members from sealing to the one it kicked', async () => {
    const { ada, ben, cleo, kick } = await lostKick();
    for (const db of [ada, ben, cleo]) {
      expect(names(db)).toEqual(['ada', 'ben', 'cleo', 'dan']);
      expect(meshStatus(db).group?.head).not.toEqual(kick.eventId);
      expect(refusal(db, () => sealGossip(db, Uint8Array.of(1)))).toMatchObject({
        code: 'standing-kick',
        message: expect.stringContaining('"dan"'),
      });
    }
  });

  test('is listed with what, who and why, and its author does it again with one call', async () => {
    const { ada, ben, cleo, dan, kick } = await lostKick();
    const expected = {
      eventId: kick.eventId,
      epoch: 4,
      kind: 'kick',
      actor: 'ben',
      subject: 'dan',
      why: 'branch-lost',
      decidedBy: 'ada',
    };
    expect(pendingReplays(ben)).toEqual([{ ...expected, own: true }]);
    expect(pendingReplays(ada)).toEqual([{ ...expected, own: false }]);
    expect(unchanged(ada, () => replay(ada))).toEqual([]);
    expect(refusal(cleo, () => replay(cleo))).toBeInstanceOf(NotAuthorizedError);

    const changes = replay(ben);
    expect(changes).toMatchObject([{ kind: 'kick', epoch: 5 }]);
    for (const { bundle } of changes) deliver(bundle, [ada, cleo, dan]);
    for (const db of [ada, ben, cleo]) {
      expect(names(db)).toEqual(['ada', 'ben', 'cleo']);
      expect(pendingReplays(db)).toEqual([]);
      expect(openGossip(ada, sealGossip(db, Uint8Array.of(1))).epoch).toBe(5);
      expect(verifyHistory(db).problems).toEqual([]);
    }
    expect(replay(ben)).toEqual([]);
  });

  test('can be issued again by any admin who outranks the target', async () => {
    const { ada, ben, cleo } = await lostKick();
    deliver(kickMember(ada, 'dan').bundle, [ben, cleo]);
    expect(pendingReplays(ben)).toEqual([]);
    expect(replay(ben)).toEqual([]);
    expect(sealGossip(cleo, Uint8Array.of(1)).length).toBeGreaterThan(0);
  });
});

describe('An add that lost', () => {
  async function lostAdd() {
    const group = await openGroup(['ada', 'ben', 'cleo'], ['ben', 'cleo']);
    const eve = await openPeer();
    const { request } = requestJoin(eve, createInvite(group.ben).invite, { memberId: 'eve' });
    const added = addMember(group.ben, request);
    return { ...group, eve, added };
  }

  test('is done again with the joiner’s own request, as a new instance', async () => {
    const { ada, ben, cleo, eve, added } = await lostAdd();
    acceptWelcome(eve, added.welcome);
    eve.sql.run("INSERT INTO meta (key, value) VALUES ('enabled', 1)");
    rotateEpoch(ada);
    exchange([ada, ben, cleo, eve]);
    expect(meshStatus(eve).state).toBe('kicked');
    expect(pendingReplays(ben)).toMatchObject([{ kind: 'add', actor: 'ben', subject: 'eve', own: true }]);
    const [change] = replay(ben);
    exchange([ada, ben, cleo, eve]);
    for (const db of [ada, ben, cleo, eve]) {
      expect(names(db)).toEqual(['ada', 'ben', 'cleo', 'eve']);
      expect(roster(db).find(({ memberId }) => memberId === 'eve')?.mid).toEqual(change?.eventId);
    }
    expect(meshStatus(eve)).toMatchObject({ state: 'member', group: { hasSecret: true } });
    expect(openGossip(eve, sealGossip(ada, Uint8Array.of(1))).epoch).toBe(4);
    expect(pendingReplays(ada)).toEqual([]);
  });

  test('is dropped where the winning branch added the same keys, or added and kicked them', async () => {
    const { ada, ben, cleo, eve } = await lostAdd();
    // The same person joins through the senior admin as well, with the same keys.
    const added = addMember(ada, requestJoin(eve, createInvite(ada).invite, { memberId: 'eve' }).request);
    deliver(added.bundle, [ben, cleo]);
    applyEvents(ada, eventsSince(ben));
    expect(names(ben)).toEqual(['ada', 'ben', 'cleo', 'eve']);
    expect(pendingReplays(ben)).toEqual([]);
    deliver(kickMember(ada, 'eve').bundle, [ben, cleo]);
    expect(pendingReplays(ben)).toEqual([]);
    expect(replay(ben)).toEqual([]);
  });

  test('of an admin who was kicked meanwhile is listed for the others, and void', async () => {
    const { ada, ben, cleo } = await lostAdd();
    kickMember(ada, 'ben');
    exchange([ada, ben, cleo]);
    expect(names(cleo)).toEqual(['ada', 'cleo']);
    expect(pendingReplays(ada)).toMatchObject([
      { kind: 'add', actor: 'ben', subject: 'eve', why: 'actor-kicked', own: false },
    ]);
    expect(replay(ada)).toEqual([]);
  });

  test('is left out where its name has been taken', async () => {
    const { ada, ben, cleo } = await lostAdd();
    join(ada, await openPeer(), 'eve');
    exchange([ada, ben, cleo]);
    expect(pendingReplays(ben)).toMatchObject([{ kind: 'add', subject: 'eve' }]);
    expect(unchanged(ben, () => replay(ben))).toEqual([]);
  });
});

describe('A kick that is done again', () => {
  test('goes to the target’s present instance', async () => {
    const { ada, ben, cleo } = await openGroup(['ada', 'ben', 'cleo'], ['ben', 'cleo']);
    const eve = await openPeer();
    const toCleo = requestJoin(eve, createInvite(cleo).invite, { memberId: 'eve' }).request;
    const lost = addMember(cleo, toCleo);
    kickMember(cleo, 'eve');
    // Meanwhile the same person joined through ada, with the same keys.
    const added = addMember(ada, requestJoin(eve, createInvite(ada).invite, { memberId: 'eve' }).request);
    exchange([ada, ben, cleo]);
    expect(pendingReplays(cleo)).toMatchObject([{ kind: 'kick', subject: 'eve', own: true, why: 'branch-lost' }]);
    expect(meshStatus(ben).group?.kickAgain).toEqual(['eve']);
    expect(refusal(ben, () => sealGossip(ben, Uint8Array.of(1))).code).toBe('standing-kick');
    const [change] = replay(cleo);
    deliver(change?.bundle as Uint8Array, [ada, ben]);
    const { change: kick } = storedEvent(ada, change?.eventId as Uint8Array);
    expect(kick).toMatchObject({ kind: 'kick', target: added.eventId });
    expect(kick).not.toMatchObject({ target: lost.eventId });
    expect(names(ben)).toEqual(['ada', 'ben', 'cleo']);
    expect(meshStatus(ben).group).toMatchObject({ kickAgain: [], pendingReplays: 0 });
    expect(sealGossip(ben, Uint8Array.of(1)).length).toBeGreaterThan(0);
  });

  test('is dropped where the target was kicked and let back in since', async () => {
    const { ada, ben, cleo, dan } = await openGroup(['ada', 'ben', 'cleo', 'dan'], ['ben', 'cleo']);
    const before = await openDatabase({ bytes: cleo.export(), now: () => START });
    kickMember(before, 'dan');
    // Meanwhile ben, who is senior to cleo, kicked dan for another reason and let him back in: that settles it.
    deliver(kickMember(ben, 'dan').bundle, [ada, cleo, dan]);
    join(ben, dan, 'dan', { others: [ada, cleo] });
    exchange([ada, ben, before]);
    expect(names(before)).toContain('dan');
    expect(pendingReplays(before)).toEqual([]);
    expect(sealGossip(before, Uint8Array.of(1)).length).toBeGreaterThan(0);
  });

  test('keeps its cut: what the target said since counts as said after the kick', async () => {
    const { ada, ben, dan } = await openGroup(['ada', 'ben', 'dan'], ['ben']);
    openGossip(ben, sealGossip(dan, Uint8Array.of(1)));
    const kick = kickMember(ben, 'dan');
    deliver(rotateEpoch(ada).bundle, [ben, dan]);
    const late = sealGossip(dan, Uint8Array.of(2));
    openGossip(ben, late);
    const [again] = replay(ben);
    const cutOf = (eventId: Uint8Array | undefined) => {
      const { change } = storedEvent(ben, eventId as Uint8Array);
      return change.kind === 'kick' ? change.cut : null;
    };
    expect(cutOf(again?.eventId)).toEqual(cutOf(kick.eventId));
    expect(cutOf(kick.eventId)).toMatchObject([{ seq: 0 }]);
    deliver(again?.bundle as Uint8Array, [ada]);
    expect(refusal(ada, () => openGossip(ada, late)).code).toBe('past-cut');
  });
});

test('What an honest admin built on a void event is its own to do again', async () => {
  const { ada, ben, cleo } = await openGroup(['ada', 'ben', 'cleo'], ['ben', 'cleo']);
  const eve = await openPeer();
  deliver(rotateEpoch(cleo).bundle, [ben]);
  addMember(ben, requestJoin(eve, createInvite(ben).invite, { memberId: 'eve' }).request);
  kickMember(ada, 'cleo');
  exchange([ada, ben]);
  const expected = { kind: 'add', subject: 'eve', why: 'branch-void', decidedBy: 'ada' };
  expect(pendingReplays(ben)).toMatchObject([{ ...expected, own: true }]);
  expect(replay(ben)).toMatchObject([{ kind: 'add' }]);
  expect(names(ben)).toEqual(['ada', 'ben', 'eve']);
});

test('Each author is offered its own of two changes with the same effect', async () => {
  const { ada, ben, cleo, dan } = await openGroup(['ada', 'ben', 'cleo', 'dan'], ['ben', 'cleo']);
  kickMember(ben, 'dan');
  kickMember(cleo, 'dan');
  rotateEpoch(ada);
  exchange([ada, ben, cleo, dan]);
  const own = (db: MeshDatabase) =>
    pendingReplays(db)
      .filter((pending) => pending.own)
      .map(({ actor }) => actor);
  expect(pendingReplays(ada)).toHaveLength(2);
  expect([own(ben), own(cleo)]).toEqual([['ben'], ['cleo']]);
  expect(replay(cleo)).toHaveLength(1);
  exchange([ada, ben, cleo]);
  expect(pendingReplays(ben)).toEqual([]);
});
