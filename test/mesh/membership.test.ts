import { describe, expect, test } from 'vitest';
import {
  InvalidInputError,
  kickMember,
  type MeshDatabase,
  MeshError,
  meshStatus,
  NotAMemberError,
  NotAuthorizedError,
  roster,
  rotateEpoch,
  verifyHistory,
} from '../../src/index.js';
import { deliver, join, openFounder, openGroup, openPeer } from './support/peers.js';
import { refusal } from './support/unchanged.js';

const names = (db: MeshDatabase, epoch?: number) =>
  roster(db, epoch)
    .map(({ memberId, role }) => (role === 'admin' ? `${memberId}*` : memberId))
    .sort()
    .join(' ');

describe('The roster', () => {
  test('of any past epoch stays readable, the same for every peer', async () => {
    const { ada, ben, cleo } = await openGroup(['ada', 'ben', 'cleo'], ['ben']);
    const peers = [ben, cleo];
    deliver(rotateEpoch(ada).bundle, peers);
    deliver(kickMember(ada, 'cleo').bundle, peers);
    join(ada, await openPeer(), 'dan', { others: peers });
    const expected = ['ada*', 'ada* ben*', 'ada* ben* cleo', 'ada* ben* cleo', 'ada* ben*', 'ada* ben* dan'];
    for (const db of [ada, ...peers]) expect(expected.map((_, epoch) => names(db, epoch))).toEqual(expected);
    expect(names(cleo)).toBe('ada* ben* dan');
  });

  test('says since which epoch each instance is a member', async () => {
    const { cleo } = await openGroup(['ada', 'ben', 'cleo']);
    expect(Object.fromEntries(roster(cleo).map(({ memberId, sinceEpoch }) => [memberId, sinceEpoch]))).toEqual({
      ada: 0,
      ben: 1,
      cleo: 2,
    });
  });

  test('has no future: an epoch beyond the present one is refused, and so is what is no epoch', async () => {
    const db = await openFounder();
    expect(refusal(db, () => roster(db, 1)).code).toBe('unknown-epoch');
    for (const epoch of [-1, 0.5, Number.NaN, '0' as unknown as number]) {
      expect(refusal(db, () => roster(db, epoch))).toBeInstanceOf(InvalidInputError);
    }
  });

  test('is handed out as a copy', async () => {
    const db = await openFounder();
    const [entry] = roster(db);
    entry?.mid.fill(0);
    entry?.signPub.fill(0);
    expect(roster(db)[0]?.mid).toEqual(meshStatus(db).group?.groupId);
    expect(verifyHistory(db).ok).toBe(true);
  });
});

describe('A rotate', () => {
  test('begins an epoch with the same roster, of which every member gets the secret', async () => {
    const { ada, ben, cleo } = await openGroup(['ada', 'ben', 'cleo']);
    const change = rotateEpoch(ada);
    expect(change).toMatchObject({ kind: 'rotate', epoch: 3 });
    deliver(change.bundle, [ben, cleo]);
    const statuses = [ada, ben, cleo].map((db) => meshStatus(db).group);
    for (const status of statuses)
      expect(status).toMatchObject({ epoch: 3, head: change.eventId, members: 3, hasSecret: true });
    const secrets = [ada, ben, cleo].map((db) =>
      db.sql.get('SELECT secret FROM mesh_secret WHERE event_id = ?', [change.eventId]),
    );
    expect(secrets[1]).toEqual(secrets[0]);
    expect(secrets[2]).toEqual(secrets[0]);
  });

  test('makes a secret that no other epoch has', async () => {
    const db = await openFounder();
    for (let i = 0; i < 5; i++) rotateEpoch(db);
    expect(db.sql.get('SELECT count(DISTINCT secret) AS count FROM mesh_secret')).toEqual({ count: 6 });
  });

  test('is for admins, of any rank', async () => {
    const { ben, cleo } = await openGroup(['ada', 'ben', 'cleo'], ['cleo']);
    expect(refusal(ben, () => rotateEpoch(ben))).toBeInstanceOf(NotAuthorizedError);
    expect(rotateEpoch(cleo).epoch).toBe(3);
  });
});

describe('A kick', () => {
  test('begins an epoch without the target, who gets no secret', async () => {
    const { ada, ben, cleo } = await openGroup(['ada', 'ben', 'cleo']);
    const change = kickMember(ada, 'ben');
    expect(change).toMatchObject({ kind: 'kick', epoch: 3 });
    deliver(change.bundle, [ben, cleo]);
    expect(meshStatus(cleo).group).toMatchObject({ members: 2, hasSecret: true });
    expect(meshStatus(ben)).toMatchObject({ state: 'kicked', group: { role: null, mid: null, hasSecret: false } });
    expect(verifyHistory(ben).ok).toBe(true);
  });

  test('is refused of whoever is not in the roster', async () => {
    const { ada } = await openGroup(['ada', 'ben']);
    expect(refusal(ada, () => kickMember(ada, 'nobody'))).toBeInstanceOf(NotAMemberError);
    kickMember(ada, 'ben');
    expect(refusal(ada, () => kickMember(ada, 'ben'))).toBeInstanceOf(NotAMemberError);
    expect(refusal(ada, () => kickMember(ada, 7 as unknown as string))).toBeInstanceOf(InvalidInputError);
  });

  test('needs a higher rank: no one kicks a senior, an equal or oneself', async () => {
    const { ada, ben, cleo, dan } = await openGroup(['ada', 'ben', 'cleo', 'dan'], ['ben', 'cleo']);
    for (const [db, target] of [
      [ben, 'ada'],
      [cleo, 'ada'],
      [cleo, 'ben'],
      [ada, 'ada'],
      [ben, 'ben'],
      [dan, 'dan'],
      [dan, 'ben'],
    ] as const) {
      expect(refusal(db, () => kickMember(db, target))).toBeInstanceOf(NotAuthorizedError);
    }
    deliver(kickMember(cleo, 'dan').bundle, [ada, ben, dan]);
    deliver(kickMember(ben, 'cleo').bundle, [ada, cleo, dan]);
    expect(names(ada)).toBe('ada* ben*');
  });

  test('ends what its target can do, once the target knows', async () => {
    const { ada, ben } = await openGroup(['ada', 'ben'], ['ben']);
    deliver(kickMember(ada, 'ben').bundle, [ben]);
    for (const call of [() => rotateEpoch(ben), () => kickMember(ben, 'ada')]) {
      expect(refusal(ben, call)).toBeInstanceOf(NotAMemberError);
    }
  });

  test('by a member who was an admin under another instance has the rank of the new one', async () => {
    const { ada, ben, cleo } = await openGroup(['ada', 'ben', 'cleo'], ['ben', 'cleo']);
    deliver(kickMember(ada, 'ben').bundle, [ben, cleo]);
    join(ada, ben, 'ben', { role: 'admin', others: [cleo] });
    expect(refusal(ben, () => kickMember(ben, 'cleo'))).toBeInstanceOf(NotAuthorizedError);
    expect(kickMember(cleo, 'ben').epoch).toBe(5);
  });
});

describe('A change that fails half-way', () => {
  test('leaves nothing behind', async () => {
    const { ada } = await openGroup(['ada', 'ben']);
    const error = refusal(ada, () =>
      ada.transaction(() => {
        kickMember(ada, 'ben');
        rotateEpoch(ada);
        throw new MeshError('stop', 'stopped on purpose');
      }),
    );
    expect(error.code).toBe('stop');
    expect(names(ada)).toBe('ada* ben');
    expect(verifyHistory(ada).ok).toBe(true);
  });
});
