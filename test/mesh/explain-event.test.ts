import { describe, expect, test } from 'vitest';
import {
  addMember,
  applyEvents,
  createInvite,
  eventsSince,
  explainEvent,
  InvalidInputError,
  kickMember,
  type MeshDatabase,
  requestJoin,
  rotateEpoch,
} from '../../src/index.js';
import { findEpoch } from '../../src/mesh/event-store.js';
import { forge } from './support/forge.js';
import { openGroup, openPeer } from './support/peers.js';
import { refusal, unchanged } from './support/unchanged.js';

const explain = (db: MeshDatabase, bundle: Uint8Array) => unchanged(db, () => explainEvent(db, bundle));

describe('Explaining an event', () => {
  test('says who would gain and who would lose access, and changes nothing', async () => {
    const { ada, ben, cleo } = await openGroup(['ada', 'ben', 'cleo'], ['ben']);
    const { request } = requestJoin(await openPeer(), createInvite(ada).invite, { memberId: 'dan' });
    const added = addMember(ada, request);
    const kick = kickMember(ada, 'ben');
    expect(explain(cleo, added.bundle)).toEqual({
      eventId: added.eventId,
      outcome: 'applied',
      effect: {
        kind: 'add',
        epoch: 3,
        actor: 'ada',
        subject: 'dan',
        loss: null,
        movesHead: true,
        gains: ['dan'],
        loses: [],
      },
    });
    expect(explain(cleo, kick.bundle)).toEqual({ eventId: kick.eventId, outcome: 'orphaned', effect: null });
    applyEvents(cleo, [added.bundle]);
    expect(explain(cleo, kick.bundle).effect).toMatchObject({ kind: 'kick', epoch: 4, gains: [], loses: ['ben'] });
    applyEvents(cleo, [kick.bundle]);
    expect(explain(cleo, kick.bundle)).toMatchObject({
      outcome: 'duplicate',
      effect: { kind: 'kick', subject: 'ben', loss: null, movesHead: false },
    });

    // ben has not heard of the kick: what he signs is void, and says so.
    const late = rotateEpoch(ben);
    expect(explain(cleo, late.bundle)).toMatchObject({
      outcome: 'applied',
      effect: {
        kind: 'rotate',
        loss: { why: 'actor-kicked', decidedBy: 'ada' },
        movesHead: false,
        gains: [],
        loses: [],
      },
    });
  });

  test('tells what another branch would change, if it wins', async () => {
    const { ada, ben, cleo } = await openGroup(['ada', 'ben', 'cleo'], ['ben']);
    const { request } = requestJoin(await openPeer(), createInvite(ben).invite, { memberId: 'dan' });
    applyEvents(cleo, [addMember(ben, request).bundle]);
    const senior = rotateEpoch(ada);
    expect(explain(cleo, senior.bundle).effect).toMatchObject({ movesHead: true, gains: [], loses: ['dan'] });
  });

  test('says whose branch it loses against, before and after it is known', async () => {
    const { ada, ben, cleo } = await openGroup(['ada', 'ben', 'cleo'], ['ben']);
    applyEvents(cleo, [rotateEpoch(ada).bundle]);
    const late = kickMember(ben, 'cleo');
    const loss = { why: 'branch-lost', decidedBy: 'ada' };
    const effect = { kind: 'kick', actor: 'ben', subject: 'cleo', loss, movesHead: false, gains: [], loses: [] };
    expect(explain(cleo, late.bundle)).toMatchObject({ outcome: 'applied', effect });
    applyEvents(cleo, [late.bundle]);
    expect(explain(cleo, late.bundle)).toMatchObject({ outcome: 'duplicate', effect });
  });

  test('tells whom a kick that counts shuts out, and what it voids on another branch', async () => {
    const { ada, ben, cleo, dan } = await openGroup(['ada', 'ben', 'cleo', 'dan'], ['ben', 'cleo']);
    // ben, who outranks cleo, kicked her without having heard of what she did.
    const { request } = requestJoin(await openPeer(), createInvite(cleo).invite, { memberId: 'eve' });
    const added = addMember(cleo, request);
    const more = rotateEpoch(cleo);
    const kick = kickMember(ben, 'cleo');
    applyEvents(dan, [added.bundle, more.bundle]);
    expect(explain(dan, kick.bundle)).toMatchObject({
      outcome: 'applied',
      effect: { kind: 'kick', subject: 'cleo', loss: null, movesHead: true, gains: [], loses: ['cleo', 'eve'] },
    });
    // With a rotate of ada, who heard of nothing, her branch wins; the kick counts beside it.
    applyEvents(dan, [rotateEpoch(ada).bundle]);
    expect(explain(dan, kick.bundle).effect).toMatchObject({ loss: { decidedBy: 'ada' }, movesHead: false });
    expect(explain(dan, more.bundle).effect).toMatchObject({ loss: { why: 'branch-lost', decidedBy: 'ada' } });
    applyEvents(dan, [kick.bundle]);
    expect(explain(dan, more.bundle).effect).toMatchObject({ loss: { why: 'actor-kicked', decidedBy: 'ben' } });
  });

  test('names the rule that it breaks', async () => {
    const { ada, ben } = await openGroup(['ada', 'ben'], ['ben']);
    const target = (findEpoch(ada, 0) as { id: Uint8Array }).id;
    const { bundle, eventId } = forge(ben, { change: { kind: 'kick', target, cut: [] } });
    expect(explain(ada, bundle)).toMatchObject({ eventId, outcome: 'refused', rule: 'outranked', effect: null });
    expect(explain(ada, new Uint8Array(5))).toMatchObject({ eventId: null, outcome: 'refused', rule: 'encoding' });
    const foreign = eventsSince((await openGroup(['ada', 'ben'])).ada).at(-1) as Uint8Array;
    expect(explain(ada, foreign)).toMatchObject({ outcome: 'refused', rule: 'group' });
    expect(refusal(ada, () => explainEvent(ada, 'x' as unknown as Uint8Array))).toBeInstanceOf(InvalidInputError);
  });

  test('answers as applying does', async () => {
    const { ada, ben, cleo } = await openGroup(['ada', 'ben', 'cleo'], ['ben']);
    const bundles = [rotateEpoch(ada), rotateEpoch(ben), rotateEpoch(ben), kickMember(ada, 'ben')].map(
      ({ bundle }) => bundle,
    );
    for (const bundle of bundles.toSpliced(1, 1)) {
      const explained = explain(cleo, bundle);
      const { results, headBefore, headAfter } = applyEvents(cleo, [bundle]);
      expect(explained.outcome).toBe(results[0]?.outcome);
      if (explained.effect) expect(explained.effect.movesHead).toBe(headBefore.join() !== headAfter.join());
    }
  });
});
