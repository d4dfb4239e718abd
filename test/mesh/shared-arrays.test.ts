/** What goes in and what comes out belongs to the caller, who may overwrite it: the peer keeps arrays of its own. */
import { expect, test } from 'vitest';
import {
  acceptWelcome,
  addMember,
  applyEvents,
  checkMembershipProof,
  createInvite,
  initIdentity,
  kickMember,
  type MeshDatabase,
  membershipProof,
  meshStatus,
  openDatabase,
  openGossip,
  requestJoin,
  roster,
  rotateEpoch,
  sealGossip,
  setEnabled,
} from '../../src/index.js';
import { openPeer, START } from './support/peers.js';

/** Overwrites every array of bytes in a value. */
function spoil(value: unknown): void {
  if (value instanceof Uint8Array) value.fill(0xa5);
  else if (typeof value === 'object' && value !== null) for (const part of Object.values(value)) spoil(part);
}

/** Calls a function with bytes of its own, and overwrites these, and gives a copy of the result, and overwrites that. */
function spoiling<T>(call: (...bytes: Uint8Array[]) => T, ...bytes: Uint8Array[]): T {
  const given = bytes.map((item) => item.slice());
  const result = call(...given);
  const copy = structuredClone(result);
  spoil(given);
  spoil(result);
  return copy;
}

/** The rosters in memory are those that a database opened anew has. */
async function expectSound(db: MeshDatabase): Promise<void> {
  const anew = await openDatabase({ bytes: db.export(), now: () => START });
  for (let epoch = 0; epoch <= (meshStatus(db).group?.epoch ?? 0); epoch++) {
    expect(roster(db, epoch)).toEqual(roster(anew, epoch));
  }
  expect(meshStatus(db)).toEqual(meshStatus(anew));
  expect(meshStatus(db).state).toBe('member');
}

test('overwriting arguments and results of every step of a group changes nothing in its peers', async () => {
  const [ada, ben, cleo] = [await openPeer(), await openPeer(), await openPeer()];
  spoiling(() => initIdentity(ada, { groupName: 'orchard', memberId: 'ada' }));
  setEnabled(ada, true);
  await expectSound(ada);

  for (const [joiner, memberId] of [
    [ben, 'ben'],
    [cleo, 'cleo'],
  ] as const) {
    const { invite } = spoiling(() => createInvite(ada));
    const { request } = spoiling(() => requestJoin(joiner, invite, { memberId }));
    const added = spoiling((bytes) => addMember(ada, bytes as Uint8Array, { role: 'admin' }), request);
    spoiling((bytes) => acceptWelcome(joiner, bytes as Uint8Array), added.welcome);
    setEnabled(joiner, true);
    if (joiner === cleo) spoiling((bytes) => applyEvents(ben, [bytes as Uint8Array]), added.bundle);
  }
  for (const db of [ada, ben, cleo]) await expectSound(db);

  const message = spoiling(() => sealGossip(ben, Uint8Array.of(1)));
  for (const db of [ada, cleo]) {
    expect(spoiling((bytes) => openGossip(db, bytes as Uint8Array), message).sender).toBe('ben');
  }
  const { bundle } = spoiling(() => rotateEpoch(ben));
  for (const db of [ada, cleo]) spoiling((bytes) => applyEvents(db, [bytes as Uint8Array]), bundle);
  for (const db of [ada, ben, cleo]) await expectSound(db);

  const proof = spoiling(() => membershipProof(cleo, 'ben', 3));
  const groupId = meshStatus(ada).group?.groupId as Uint8Array;
  spoiling((bytes, id) => checkMembershipProof(bytes as Uint8Array, id as Uint8Array), proof, groupId);
  const kick = spoiling(() => kickMember(ada, 'cleo'));
  spoiling((bytes) => applyEvents(ben, [bytes as Uint8Array]), kick.bundle);
  for (const db of [ada, ben]) await expectSound(db);
  spoiling((bytes) => openGossip(ada, bytes as Uint8Array), sealGossip(ben, Uint8Array.of(2)));
});
