/** A group of a thousand: build, rotate, kick, welcome; and how the database grows. */
import { beforeAll, describe, expect, test } from 'vitest';
import { generateSigningKeypair } from '../../src/crypto/ed25519.js';
import { generateDhKeypair } from '../../src/crypto/x25519.js';
import {
  acceptWelcome,
  addMember,
  applyEvents,
  createInvite,
  kickMember,
  type MeshDatabase,
  meshStatus,
  openGossip,
  requestJoin,
  roster,
  rotateEpoch,
  sealGossip,
  setEnabled,
  verifyHistory,
} from '../../src/index.js';
import { encodeBundle } from '../../src/mesh/bundle.js';
import { signEvent } from '../../src/mesh/event.js';
import { requireGroup } from '../../src/mesh/group.js';
import { loadSigningKey } from '../../src/mesh/identity.js';
import { openInvite } from '../../src/mesh/invite.js';
import { openJoinRequest, signJoinRequest } from '../../src/mesh/join-request.js';
import { openFounder, openPeer, START } from './support/peers.js';

const MEMBERS = 1_000;

/** A request of a joiner without a database: only its keys matter here. */
function requestWithKeys(invite: string, memberId: string): Uint8Array {
  const { groupId, inviteId, secret, dhPub } = openInvite(invite);
  const signing = generateSigningKeypair();
  const dh = generateDhKeypair();
  const keys = {
    signPriv: signing.privateKey,
    signPub: signing.publicKey,
    dhPriv: dh.privateKey,
    inviteSecret: secret,
    inviterDhPub: dhPub,
  };
  const nonce = new Uint8Array(16);
  return signJoinRequest(keys, { groupId, inviteId, nonce, memberId, dhPub: dh.publicKey, createdAt: START }).bytes;
}

/**
 * Adds members one after the other, each by an event of its own but without an envelope, as one who had not received them
 * would: a thousand envelopes of up to a thousand slots would take half a minute and are not what is tested.
 */
function addWithoutEnvelopes(db: MeshDatabase, count: number): void {
  const { invite } = createInvite(db);
  const noHash = new Uint8Array(32);
  for (let i = 1; i <= count; i++) {
    const { id: groupId, head, roster: before } = requireGroup(db);
    const memberId = `member-${i}`;
    const request = requestWithKeys(invite, memberId);
    const { signPub, dhPub } = openJoinRequest(request);
    const [place, epoch] = [{ groupId, prev: head.id }, head.epoch + 1];
    const after = before.with({ memberId, signPub, dhPub, role: 'member', mid: noHash, sinceEpoch: epoch });
    const frame = signEvent(groupId, loadSigningKey(db), {
      ...place,
      epoch,
      change: { kind: 'add', request, role: 'member' },
      rosterHash: after.hash,
      envelopeHash: noHash,
      secretCommit: noHash,
      createdAt: START,
    });
    applyEvents(db, [encodeBundle({ frame: frame.bytes, envelope: null })]);
  }
}

/** Bytes of the database that are in use. */
function size(db: MeshDatabase): number {
  const number = (pragma: string) => Object.values(db.sql.get(`PRAGMA ${pragma}`) ?? {})[0] as number;
  return (number('page_count') - number('freelist_count')) * number('page_size');
}

/** Bytes of all envelopes. */
function envelopes(db: MeshDatabase): number {
  return db.sql.get('SELECT sum(length(envelope)) AS bytes FROM mesh_envelope')?.bytes as number;
}

describe('A group of a thousand', () => {
  let founder: MeshDatabase;
  let last: MeshDatabase;
  let welcome: Uint8Array;

  beforeAll(async () => {
    founder = await openFounder('founder');
    addWithoutEnvelopes(founder, MEMBERS - 2);
    last = await openPeer();
    const { request } = requestJoin(last, createInvite(founder).invite, { memberId: 'last' });
    welcome = addMember(founder, request).welcome;
  }, 600_000);

  test('is one roster, which the last to join verifies from its welcome alone', () => {
    acceptWelcome(last, welcome);
    setEnabled(last, true);
    expect(roster(last)).toHaveLength(MEMBERS);
    const view = (db: MeshDatabase) => roster(db).map(({ memberId, mid }) => `${memberId} ${mid.join()}`);
    expect(view(last)).toEqual(view(founder));
    expect(verifyHistory(last)).toMatchObject({ ok: true, events: MEMBERS, epochs: MEMBERS, envelopes: 1, secrets: 1 });
  });

  test('stores members once each, and not again for every epoch', () => {
    expect(size(last)).toBeLessThan(200_000 + MEMBERS * 2_048);
    // Of each add: its envelope, and frame, member, secret and invite with their indexes.
    expect(size(founder) - envelopes(founder)).toBeLessThan(200_000 + MEMBERS * 6_000);
  });

  test('rotates, which adds the envelope to the database and little else', () => {
    const before = { size: size(founder), envelopes: envelopes(founder) };
    const { bundle } = rotateEpoch(founder);
    const envelope = envelopes(founder) - before.envelopes;
    expect(envelope).toBeLessThan(MEMBERS * 120);
    expect(size(founder) - before.size).toBeLessThan(envelope + 16_384);
    applyEvents(last, [bundle]);
    expect(meshStatus(last).group).toMatchObject({ epoch: MEMBERS, members: MEMBERS, hasSecret: true });
  });

  test('kicks, which costs no more, and goes on without the one', () => {
    const before = { size: size(founder), envelopes: envelopes(founder) };
    const { bundle } = kickMember(founder, 'member-500');
    const envelope = envelopes(founder) - before.envelopes;
    expect(size(founder) - before.size).toBeLessThan(envelope + 16_384);
    applyEvents(last, [bundle]);
    expect(meshStatus(last).group).toMatchObject({ members: MEMBERS - 1, hasSecret: true });
    expect(roster(last, 500).map(({ memberId }) => memberId)).toContain('member-500');
    expect(roster(last).map(({ memberId }) => memberId)).not.toContain('member-500');
    expect(openGossip(founder, sealGossip(last, Uint8Array.of(1))).sender).toBe('last');
  });
});
