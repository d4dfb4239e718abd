/** What a member with real keys can try with membership events, and what comes of it. */
import { describe, expect, test } from 'vitest';
import { encodeCbor } from '../../src/codec/cbor.js';
import { parseFrame, signFrame } from '../../src/codec/frame.js';
import { labelled } from '../../src/codec/labels.js';
import { generateSigningKeypair } from '../../src/crypto/ed25519.js';
import { generateDhKeypair } from '../../src/crypto/x25519.js';
import {
  acceptWelcome,
  addMember,
  applyEvents,
  conflicts,
  createInvite,
  type EventRule,
  eventsSince,
  kickMember,
  loadIdentity,
  type MeshDatabase,
  type MeshIdentity,
  meshStatus,
  openDatabase,
  requestJoin,
  roster,
  rotateEpoch,
  verifyHistory,
} from '../../src/index.js';
import { encodeBundle } from '../../src/mesh/bundle.js';
import type { EventDraft } from '../../src/mesh/event.js';
import { requireGroup } from '../../src/mesh/group.js';
import { loadSigningKey } from '../../src/mesh/identity.js';
import { type JoinRequest, openJoinRequest, signJoinRequest } from '../../src/mesh/join-request.js';
import { Roster } from '../../src/mesh/roster.js';
import { LOW_ORDER_U } from '../support/low-order-points.js';
import { signWithTorsion } from '../support/torsion-signature.js';
import { eventOfEpoch, type Forged, forge } from './support/forge.js';
import { deliver, openGroup, openPeer, START } from './support/peers.js';
import { unchanged } from './support/unchanged.js';

const copyOf = (db: MeshDatabase) => openDatabase({ bytes: db.export(), now: () => START });
const head = (db: MeshDatabase) => meshStatus(db).group?.head;
const names = (db: MeshDatabase) =>
  roster(db)
    .map(({ memberId }) => memberId)
    .sort();
const midOf = (db: MeshDatabase, name: string) =>
  roster(db).find(({ memberId }) => memberId === name)?.mid as Uint8Array;

/** Applies a bundle that must be refused by a rule, changing nothing. */
function expectRefused(db: MeshDatabase, { bundle }: Pick<Forged, 'bundle'>, rule: EventRule): void {
  const { results } = unchanged(db, () => applyEvents(db, [bundle]));
  expect(results).toEqual([expect.objectContaining({ outcome: 'refused', rule, reason: expect.any(String) })]);
}

/** A join request with any keys, without a real invite. */
function makeRequest(db: MeshDatabase, memberId: string, changes: Partial<JoinRequest> = {}): JoinRequest {
  const signing = generateSigningKeypair();
  const dh = generateDhKeypair();
  const keys = {
    signPriv: signing.privateKey,
    signPub: changes.signPub ?? signing.publicKey,
    dhPriv: dh.privateKey,
    inviteSecret: new Uint8Array(32),
    inviterDhPub: generateDhKeypair().publicKey,
  };
  const frame = signJoinRequest(keys, {
    groupId: requireGroup(db).id,
    inviteId: new Uint8Array(16),
    nonce: new Uint8Array(16),
    memberId,
    dhPub: dh.publicKey,
    createdAt: START,
    ...changes,
  });
  return openJoinRequest(frame.bytes);
}

/** An add of a request, by the member of the database, on any parent. */
function forgeAdd(
  db: MeshDatabase,
  request: JoinRequest,
  options: { parent?: Uint8Array; role?: 'admin' | 'member' } = {},
) {
  const { role = 'member', parent } = options;
  const { memberId, signPub, dhPub, id } = request;
  const change: EventDraft['change'] = { kind: 'add', request: request.bytes, role };
  const epoch = db.sql.get('SELECT epoch FROM mesh_event WHERE event_id = ?', [parent ?? (head(db) as Uint8Array)])
    ?.epoch as number;
  const before = new Roster(roster(db, epoch));
  const after = before.with({ memberId, mid: id, signPub, dhPub, role, sinceEpoch: epoch + 1 });
  // A low-order key cannot be sealed to, which is why it must be refused: the envelope is for the others.
  return forge(db, { change, roster: after, ...(parent === undefined ? {} : { parent }) });
}

describe('a kicked admin’s back-dated events change neither head nor roster', () => {
  test('whatever it signs on parents from before its kick', async () => {
    const { ada, ben, cleo } = await openGroup(['ada', 'ben', 'cleo'], ['ben', 'cleo']);
    deliver(rotateEpoch(ada).bundle, [ben, cleo]);
    const kick = kickMember(ada, 'ben');
    deliver(kick.bundle, [cleo]);
    const before = { head: head(cleo), names: names(cleo) };
    const target = midOf(cleo, 'cleo');
    for (const epoch of [2, 3]) {
      const parent = eventOfEpoch(ben, epoch);
      const attempts = [
        forge(ben, { change: { kind: 'rotate' }, parent }),
        forge(ben, { change: { kind: 'kick', target, cut: [] }, parent }),
        forgeAdd(ben, makeRequest(ben, 'mallory'), { parent, role: 'admin' }),
      ];
      for (const { bundle } of attempts) {
        const result = applyEvents(cleo, [bundle]);
        expect(result.results[0]?.outcome).toBe('applied');
        expect(result.headAfter).toEqual(before.head);
        expect(result.reorganized).toEqual([]);
      }
    }
    expect({ head: head(cleo), names: names(cleo) }).toEqual(before);
    expect(verifyHistory(cleo)).toMatchObject({ ok: true, problems: [] });
  });

  test('also where it built a longer branch in the meantime', async () => {
    const { ada, ben, cleo } = await openGroup(['ada', 'ben', 'cleo'], ['ben', 'cleo']);
    const long = Array.from({ length: 5 }, () => rotateEpoch(ben).bundle);
    const kick = kickMember(ada, 'ben');
    expect(applyEvents(cleo, long).results.map(({ outcome }) => outcome)).toEqual(long.map(() => 'applied'));
    expect(meshStatus(cleo).group?.epoch).toBe(7);
    const { reorganized } = applyEvents(cleo, [kick.bundle]);
    expect(reorganized).toEqual([3, 4, 5, 6, 7]);
    expect(head(cleo)).toEqual(kick.eventId);
    expect(names(cleo)).toEqual(['ada', 'cleo']);
  });
});

describe('accounts minted on an old parent gain no power', () => {
  test('they, and all that they sign, change neither head nor roster', async () => {
    const { ada, ben, cleo } = await openGroup(['ada', 'ben', 'cleo'], ['ben', 'cleo']);
    const beforeKick = await copyOf(ben);
    deliver(kickMember(ada, 'ben').bundle, [cleo]);
    const before = { head: head(cleo), names: names(cleo) };
    // ben, still on the old head, mints an admin, who goes on to kick everyone whom it outranks and to rotate.
    const { invite } = createInvite(beforeKick);
    const puppet = await openPeer();
    const added = addMember(beforeKick, requestJoin(puppet, invite, { memberId: 'puppet' }).request, { role: 'admin' });
    acceptWelcome(puppet, added.welcome);
    puppet.sql.run("INSERT INTO meta (key, value) VALUES ('enabled', 1)");
    const bundles = [added.bundle, rotateEpoch(puppet).bundle, rotateEpoch(puppet).bundle];
    const { results, headAfter } = applyEvents(cleo, bundles);
    expect(results.map(({ outcome }) => outcome)).toEqual(['applied', 'applied', 'applied']);
    expect(headAfter).toEqual(before.head);
    expect({ head: head(cleo), names: names(cleo) }).toEqual(before);
  });
});

describe('a junior’s kick of a senior is invalid on every branch', () => {
  test('on the head, on an old parent, and on its own branch', async () => {
    const { ada, ben, cleo } = await openGroup(['ada', 'ben', 'cleo'], ['ben', 'cleo']);
    deliver(rotateEpoch(ada).bundle, [ben, cleo]);
    const branch = rotateEpoch(cleo);
    applyEvents(ada, [branch.bundle]);
    for (const parent of [eventOfEpoch(cleo, 2), eventOfEpoch(cleo, 3), branch.eventId]) {
      for (const name of ['ada', 'ben', 'cleo']) {
        const change = { kind: 'kick', target: midOf(cleo, name), cut: [] } as const;
        expectRefused(ada, forge(cleo, { change, parent }), 'outranked');
      }
    }
  });

  test('and a plain member’s event of any kind', async () => {
    const { ada, ben } = await openGroup(['ada', 'ben', 'cleo']);
    expectRefused(ada, forge(ben, { change: { kind: 'rotate' } }), 'signer-not-admin');
    const change = { kind: 'kick', target: midOf(ben, 'cleo'), cut: [] } as const;
    expectRefused(ada, forge(ben, { change }), 'signer-not-admin');
    expectRefused(ada, forgeAdd(ben, makeRequest(ben, 'dan')), 'signer-not-admin');
  });

  test('and whatever a kicked admin signs on the kick itself', async () => {
    const { ada, ben } = await openGroup(['ada', 'ben'], ['ben']);
    deliver(kickMember(ada, 'ben').bundle, [ben]);
    expectRefused(ada, forge(ben, { change: { kind: 'rotate' } }), 'signer-not-admin');
  });
});

describe('an equivocating admin: same head everywhere, proof stored, people told', () => {
  test('whatever the order in which its events arrive', async () => {
    const { ada, ben, cleo, dan } = await openGroup(['ada', 'ben', 'cleo', 'dan'], ['ben']);
    const twin = await copyOf(ben);
    const one = rotateEpoch(ben);
    const other = rotateEpoch(twin);
    applyEvents(ada, [one.bundle, other.bundle]);
    applyEvents(cleo, [other.bundle]);
    applyEvents(cleo, [one.bundle]);
    applyEvents(dan, [one.bundle]);
    applyEvents(dan, [other.bundle]);
    for (const db of [ada, cleo, dan]) {
      expect(head(db)).toEqual(head(ada));
      expect(meshStatus(db).group).toMatchObject({ conflicts: 1, members: 4, hasSecret: true });
      const [conflict] = conflicts(db);
      expect(conflict).toMatchObject({ kind: 'event', memberId: 'ben', mid: midOf(db, 'ben') });
      expect(new Set(conflict?.frames.map((frame) => frame.join())).size).toBe(2);
    }
  });
});

describe('an add without the joiner’s own signed request is invalid', () => {
  test('so is one with a request that is broken, of another type or for another group', async () => {
    const { ada, ben } = await openGroup(['ada', 'ben'], ['ben']);
    const request = makeRequest(ben, 'mallory');
    const flipped = request.bytes.slice();
    flipped[flipped.length - 1] = (flipped.at(-1) as number) ^ 1;
    const mallory = generateSigningKeypair();
    const otherType = signFrame('endpoint', mallory.publicKey, mallory.privateKey, new Uint8Array(1)).bytes;
    for (const bytes of [new Uint8Array(0), new Uint8Array(50), flipped, otherType]) {
      expectRefused(ada, forgeAdd(ben, { ...request, bytes }), 'join-request');
    }
    const foreign = makeRequest(ben, 'mallory', { groupId: new Uint8Array(32) });
    expectRefused(ada, forgeAdd(ben, foreign), 'join-request');
  });

  test('so is one whose request an admin signed with keys of its own choice under another key', async () => {
    const { ada, ben } = await openGroup(['ada', 'ben'], ['ben']);
    const honest = makeRequest(ben, 'cleo');
    // The joiner's signing key, but signed with another one.
    const forged = signFrame('join-request', honest.signPub, generateSigningKeypair().privateKey, new Uint8Array(8));
    expectRefused(ada, forgeAdd(ben, { ...honest, bytes: forged.bytes }), 'join-request');
  });

  test('so is one of keys or a name that are in the roster', async () => {
    const { ada, ben } = await openGroup(['ada', 'ben'], ['ben']);
    const identity = loadIdentity(ada) as MeshIdentity;
    const sameName = makeRequest(ben, 'ada');
    expectRefused(ada, forgeAdd(ben, sameName), 'unique-member-id');
    const sameDh = makeRequest(ben, 'cleo', { dhPub: identity.dhPub });
    expectRefused(ada, forgeAdd(ben, sameDh), 'unique-dh-key');
    const keys = { ...identity, inviteSecret: new Uint8Array(32), inviterDhPub: identity.dhPub };
    const { groupId, inviteId, nonce, createdAt, dhPub } = sameName;
    const statement = { groupId, inviteId, nonce, createdAt, dhPub, memberId: 'cleo' };
    const sameKey = openJoinRequest(signJoinRequest(keys, statement).bytes);
    expectRefused(ada, forgeAdd(ben, sameKey), 'unique-signing-key');
  });

  test('so is one of a DH key of low order, to which no secret could be wrapped', async () => {
    const { ada, ben } = await openGroup(['ada', 'ben'], ['ben']);
    for (const dhPub of LOW_ORDER_U) {
      const request = makeRequest(ben, 'cleo', { dhPub });
      const change: EventDraft['change'] = { kind: 'add', request: request.bytes, role: 'member' };
      expectRefused(ada, forge(ben, { change, roster: new Roster(roster(ben)) }), 'dh-key');
    }
  });

  test('so is one of a signing key with a torsion component, although its signature verifies', async () => {
    const { ada, ben } = await openGroup(['ada', 'ben'], ['ben']);
    const honest = parseFrame(makeRequest(ben, 'cleo').bytes, { maxBytes: 65_536 });
    const mixed = signWithTorsion((signer) =>
      labelled('arborist-mesh/1 join-request', encodeCbor([signer, honest.payload])),
    );
    const bytes = encodeCbor([1, 'join-request', mixed.publicKey, mixed.signature, honest.payload]);
    const request = openJoinRequest(bytes);
    expect(request.signPub).toEqual(mixed.publicKey);
    expectRefused(ada, forgeAdd(ben, request), 'signing-key');
  });

  test('so is one of a name that is not allowed', async () => {
    const { ada, ben } = await openGroup(['ada', 'ben'], ['ben']);
    for (const memberId of ['', 'a\tb', 'é'.repeat(40)]) {
      expectRefused(ada, forgeAdd(ben, makeRequest(ben, memberId)), 'shape');
    }
  });
});

describe('An event that does not fit its place', () => {
  test('is refused by the rule that it breaks', async () => {
    const { ada, ben, cleo } = await openGroup(['ada', 'ben', 'cleo'], ['ben']);
    const rotate: EventDraft['change'] = { kind: 'rotate' };
    const refused = (rule: EventRule, options: Parameters<typeof forge>[1]) =>
      expectRefused(ada, forge(ben, options), rule);
    refused('epoch', { change: rotate, draft: { epoch: 2 } });
    refused('epoch', { change: rotate, draft: { epoch: 4 } });
    refused('group', { change: rotate, draft: { groupId: new Uint8Array(32) } });
    refused('roster-hash', { change: rotate, draft: { rosterHash: new Uint8Array(32) } });
    refused('signature', { change: rotate, mid: midOf(ben, 'ada') });
    refused('target-absent', { change: { kind: 'kick', target: new Uint8Array(32), cut: [] } });
    const entry = (n: number) => ({ streamId: new Uint8Array(16).fill(n), seq: 0, msgId: new Uint8Array(32) });
    const target = midOf(cleo, 'cleo');
    refused('cut', { change: { kind: 'kick', target, cut: [entry(2), entry(1)] } });
    refused('cut', { change: { kind: 'kick', target, cut: [entry(1), entry(1)] } });
  });

  test('a genesis of another group and a frame of another type are refused', async () => {
    const { ada, ben } = await openGroup(['ada', 'ben']);
    const other = await openGroup(['ada', 'ben']);
    const foreign = eventsSince(other.ada);
    for (const bundle of foreign) expectRefused(ada, { bundle }, 'group');
    const { id } = requireGroup(ben);
    const frame = signFrame('gossip', midOf(ben, 'ben'), loadSigningKey(ben), id).bytes;
    expectRefused(ada, { bundle: encodeBundle({ frame, envelope: null }) }, 'type');
    const [genesis] = eventsSince(ben);
    expect(applyEvents(ada, [genesis as Uint8Array]).results).toMatchObject([{ outcome: 'duplicate' }]);
  });
});

describe('a signature made for one type never verifies as another', () => {
  test('a gossip message cannot be turned into an event, nor the other way round', async () => {
    const { ada, ben } = await openGroup(['ada', 'ben'], ['ben']);
    const honest = parseFrame(forge(ben, { change: { kind: 'rotate' } }).frame, { maxBytes: 65_536 });
    for (const type of ['gossip', 'fault', 'invite', 'endpoint', 'genesis']) {
      const signed = signFrame(type, honest.signer, loadSigningKey(ben), honest.payload);
      const frame = encodeCbor([1, 'event', honest.signer, signed.signature, honest.payload]);
      expectRefused(ada, { bundle: encodeBundle({ frame, envelope: null }) }, 'signature');
    }
  });
});
