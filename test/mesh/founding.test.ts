import { describe, expect, test } from 'vitest';
import {
  acceptWelcome,
  addMember,
  applyEvents,
  createInvite,
  currentEpoch,
  eventsSince,
  IdentityExistsError,
  InvalidInputError,
  initIdentity,
  isEnabled,
  kickMember,
  loadIdentity,
  MeshDisabledError,
  meshStatus,
  openGossip,
  openGossipBatch,
  requestJoin,
  roster,
  rotateEpoch,
  sealGossip,
  setEnabled,
  verifyHistory,
} from '../../src/index.js';
import { openFounder, openPeer, START } from './support/peers.js';
import { refusal } from './support/unchanged.js';

describe('Founding a group', () => {
  test('makes an identity and epoch 0 with its founder as the only member, an admin', async () => {
    const db = await openPeer();
    const identity = initIdentity(db, { groupName: 'orchard', memberId: 'ada' });
    expect(identity).toMatchObject({ memberId: 'ada', groupName: 'orchard', createdAt: START });
    expect(loadIdentity(db)).toEqual(identity);
    expect(currentEpoch(db)).toBe(0);
    const { signPub, dhPub } = identity;
    expect(roster(db)).toEqual([
      { memberId: 'ada', mid: meshStatus(db).group?.groupId, signPub, dhPub, role: 'admin', sinceEpoch: 0 },
    ]);
    expect(verifyHistory(db)).toMatchObject({ ok: true, epochs: 1, events: 1, envelopes: 1, secrets: 1 });
  });

  test('a second time fails, and changes nothing', async () => {
    const db = await openFounder();
    expect(refusal(db, () => initIdentity(db, { groupName: 'another' }))).toBeInstanceOf(IdentityExistsError);
  });

  test('fails in a database that asked to join a group', async () => {
    const founder = await openFounder();
    const joiner = await openPeer();
    requestJoin(joiner, createInvite(founder).invite);
    expect(refusal(joiner, () => initIdentity(joiner, { groupName: 'orchard' }))).toBeInstanceOf(IdentityExistsError);
  });

  test('two groups of one name have nothing in common', async () => {
    const first = meshStatus(await openFounder()).group;
    const second = meshStatus(await openFounder()).group;
    expect(first?.groupId).not.toEqual(second?.groupId);
  });

  test('a founder without a name is called after its key', async () => {
    const db = await openPeer();
    expect(initIdentity(db, { groupName: 'orchard' }).memberId).toMatch(/^peer-[0-9a-hjkmnp-tv-z]{10}$/);
  });

  test.each([
    ['empty', ''],
    ['129 bytes long', `${'é'.repeat(64)}x`],
    ['with a control character', 'or\u0007chard'],
    ['with a line break', 'or\nchard'],
    ['not in normalization form C', 'e\u0301'],
    ['with a lone surrogate', '\ud800'],
  ])('a group name that is %s is refused', async (_, groupName) => {
    const db = await openPeer();
    const error = refusal(db, () => initIdentity(db, { groupName, memberId: 'ada' }));
    expect(error).toBeInstanceOf(InvalidInputError);
    expect(error.message).toMatch(/^groupName must /);
  });

  test.each([
    ['empty', ''],
    ['65 bytes long', 'x'.repeat(65)],
    ['with a control character', 'a\u0000'],
    ['not in normalization form C', 'e\u0301'],
  ])('a member id that is %s is refused', async (_, memberId) => {
    const db = await openPeer();
    const error = refusal(db, () => initIdentity(db, { groupName: 'orchard', memberId }));
    expect(error).toBeInstanceOf(InvalidInputError);
    expect(error.message).toMatch(/^memberId must /);
  });

  test('names of the greatest length, in any script, are kept as they are', async () => {
    const db = await openPeer();
    const names = { groupName: `${'果'.repeat(42)}xx`, memberId: '🌳'.repeat(16) };
    expect(initIdentity(db, names)).toMatchObject(names);
    expect(verifyHistory(db).ok).toBe(true);
  });
});

test('Settings that are no object are refused, and change nothing', async () => {
  const db = await openFounder('ada');
  const fresh = await openPeer();
  const { invite } = createInvite(db);
  for (const options of [null, 7, 'text'] as unknown as { groupName: string }[]) {
    expect(refusal(fresh, () => initIdentity(fresh, options))).toBeInstanceOf(InvalidInputError);
    expect(refusal(fresh, () => requestJoin(fresh, invite, options as object))).toBeInstanceOf(InvalidInputError);
    expect(refusal(db, () => createInvite(db, options as object))).toBeInstanceOf(InvalidInputError);
    expect(refusal(db, () => addMember(db, new Uint8Array(1), options as object))).toBeInstanceOf(InvalidInputError);
  }
});

describe('Until it is enabled', () => {
  const bytes = new Uint8Array(10);

  test('the mesh is off', async () => {
    const db = await openPeer();
    initIdentity(db, { groupName: 'orchard' });
    expect(isEnabled(db)).toBe(false);
    setEnabled(db, true);
    expect(isEnabled(db)).toBe(true);
    setEnabled(db, false);
    expect(isEnabled(db)).toBe(false);
  });

  test('nothing that gossips works', async () => {
    const db = await openFounder();
    setEnabled(db, false);
    const calls = [
      () => createInvite(db),
      () => addMember(db, bytes),
      () => kickMember(db, 'ada'),
      () => rotateEpoch(db),
      () => applyEvents(db, [bytes]),
      () => eventsSince(db),
      () => sealGossip(db, bytes),
      () => openGossip(db, bytes),
      () => openGossipBatch(db, [bytes]),
    ];
    for (const call of calls) expect(refusal(db, call)).toBeInstanceOf(MeshDisabledError);
  });

  test('founding, joining and reading do work', async () => {
    const founder = await openFounder();
    const joiner = await openPeer();
    const { request } = requestJoin(joiner, createInvite(founder).invite);
    acceptWelcome(joiner, addMember(founder, request).welcome);
    expect(isEnabled(joiner)).toBe(false);
    expect(roster(joiner)).toHaveLength(2);
    expect(meshStatus(joiner)).toMatchObject({ enabled: false, state: 'member' });
    expect(verifyHistory(joiner).ok).toBe(true);
  });

  test('enabled must be a boolean', async () => {
    const db = await openPeer();
    expect(refusal(db, () => setEnabled(db, 'yes' as unknown as boolean))).toBeInstanceOf(InvalidInputError);
  });
});

describe('Before founding or joining', () => {
  test('there is nothing to read, and nothing to act on', async () => {
    const db = await openPeer();
    setEnabled(db, true);
    expect(loadIdentity(db)).toBeNull();
    expect(currentEpoch(db)).toBeNull();
    expect(roster(db)).toEqual([]);
    expect(meshStatus(db)).toEqual({ enabled: true, state: 'none', memberId: null, group: null });
    for (const call of [
      () => rotateEpoch(db),
      () => createInvite(db),
      () => sealGossip(db, new Uint8Array(1)),
      () => applyEvents(db, []),
      () => eventsSince(db),
      () => verifyHistory(db),
    ]) {
      expect(refusal(db, call).code).toBe('no-group');
    }
  });
});
