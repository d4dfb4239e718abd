/** What an admin can do wrong with the secret of an epoch, and how members notice. */
import { describe, expect, test } from 'vitest';
import { decodeCbor, encodeCbor } from '../../src/codec/cbor.js';
import { hpkeOpen } from '../../src/crypto/hpke.js';
import {
  applyEvents,
  applyFault,
  eventsSince,
  kickMember,
  type MeshDatabase,
  meshStatus,
  roster,
  rotateEpoch,
  sealGossip,
  verifyHistory,
} from '../../src/index.js';
import { decodeBundle, encodeBundle } from '../../src/mesh/bundle.js';
import { checkEnvelope, type EnvelopeContext, openOwnSlot, sealEnvelope } from '../../src/mesh/envelope.js';
import { envelopeContext, loadSecret } from '../../src/mesh/envelope-store.js';
import { storedEvent } from '../../src/mesh/event-store.js';
import { requireGroup } from '../../src/mesh/group.js';
import { loadDhKey } from '../../src/mesh/identity.js';
import { Roster } from '../../src/mesh/roster.js';
import { type ForgeOptions, forge } from './support/forge.js';
import { deliver, openGroup } from './support/peers.js';
import { refusal } from './support/unchanged.js';

type Slot = [Uint8Array, Uint8Array, Uint8Array];
const slotsOf = (envelope: Uint8Array) => decodeCbor(envelope, { maxBytes: 1 << 20 }) as unknown as Slot[];

/** A rotate of ben with a bad envelope, applied by the others. */
async function badRotate(options: Partial<ForgeOptions>) {
  const group = await openGroup(['ada', 'ben', 'cleo'], ['ben']);
  const forged = forge(group.ben, { change: { kind: 'rotate' }, ...options });
  const apply = (db: MeshDatabase) => applyEvents(db, [forged.bundle]).results[0];
  return { ...group, forged, apply };
}

/** Everyone is told, no one can seal, and another rotate mends it. */
function expectReportedAndMended(
  { ada, ben, cleo }: Record<'ada' | 'ben' | 'cleo', MeshDatabase>,
  reporters: readonly MeshDatabase[],
  reason: string,
): void {
  for (const db of reporters) {
    expect(meshStatus(db).group).toMatchObject({ epoch: 3, hasSecret: false });
    expect(meshStatus(db).group?.faults).toMatchObject([{ memberId: meshStatus(db).memberId, reason }]);
    expect(refusal(db, () => sealGossip(db, new Uint8Array(1))).code).toBe('no-epoch-secret');
  }
  for (const db of reporters) {
    const [fault] = meshStatus(db).group?.faults ?? [];
    if (db !== ada) applyFault(ada, fault?.frame as Uint8Array);
  }
  expect(meshStatus(ada).group?.faults).toHaveLength(reporters.length);
  deliver(rotateEpoch(ada).bundle, [ben, cleo]);
  for (const db of [ada, ben, cleo])
    expect(meshStatus(db).group).toMatchObject({ epoch: 4, hasSecret: true, faults: [] });
}

describe('different secrets for different members are caught by secret_commit', () => {
  test('by each member whose secret is not the one that the event commits to', async () => {
    const peers = await badRotate({ sealed: new Uint8Array(32).fill(1) });
    for (const db of [peers.ada, peers.cleo]) {
      expect(peers.apply(db)).toMatchObject({ outcome: 'applied', envelope: 'refused', fault: 'commitment' });
    }
    applyEvents(peers.ben, [peers.forged.bundle]);
    expectReportedAndMended(peers, [peers.ada, peers.cleo], 'commitment');
  });
});

describe('an envelope with a missing, extra or repeated slot is refused and reported; the kicked key opens nothing', () => {
  test.each<[string, (slots: Slot[]) => Slot[]]>([
    ['a missing slot', (slots) => slots.slice(1)],
    ['a repeated slot', ([first, second]) => [first, first, second] as Slot[]],
    ['an extra slot', (slots) => [...slots, [new Uint8Array(32).fill(255), new Uint8Array(32), new Uint8Array(48)]]],
    ['slots in another order', (slots) => slots.reverse()],
    ['no slots', () => []],
  ])('%s', async (_, change) => {
    const peers = await badRotate({ envelope: (honest) => encodeCbor(change(slotsOf(honest))) });
    for (const db of [peers.ada, peers.cleo]) {
      expect(peers.apply(db)).toMatchObject({ outcome: 'applied', envelope: 'refused', fault: 'slots' });
    }
    applyEvents(peers.ben, [peers.forged.bundle]);
    expectReportedAndMended(peers, [peers.ada, peers.cleo], 'slots');
  });

  test('bytes that are no envelope at all', async () => {
    const peers = await badRotate({ envelope: () => new Uint8Array(100) });
    for (const db of [peers.ada, peers.cleo]) expect(peers.apply(db)).toMatchObject({ fault: 'slots' });
  });

  test('a slot that does not open is reported by its member only', async () => {
    const group = await openGroup(['ada', 'ben', 'cleo'], ['ben']);
    const cleoKey = requireGroup(group.cleo).identity.signPub.join();
    const broken = (honest: Uint8Array) =>
      encodeCbor(
        slotsOf(honest).map(
          ([key, enc, sealed]): Slot => [key, enc, key.join() === cleoKey ? new Uint8Array(48) : sealed],
        ),
      );
    const forged = forge(group.ben, { change: { kind: 'rotate' }, envelope: broken });
    const results = [group.ada, group.cleo].map((db) => applyEvents(db, [forged.bundle]).results[0]);
    expect(results[0]).toMatchObject({ outcome: 'applied', envelope: 'stored' });
    expect(results[1]).toMatchObject({ outcome: 'applied', envelope: 'refused', fault: 'slot' });
    applyEvents(group.ben, [forged.bundle]);
    expectReportedAndMended(group, [group.cleo], 'slot');
  });

  test('the kicked member’s key opens no slot of any later epoch', async () => {
    const { ada, ben } = await openGroup(['ada', 'ben', 'cleo']);
    const { identity } = requireGroup(ben);
    const kick = kickMember(ada, 'ben');
    const later = rotateEpoch(ada);
    for (const { eventId, bundle } of [kick, later]) {
      const event = storedEvent(ada, eventId);
      const context = envelopeContext(requireGroup(ada).id, event);
      const slots = slotsOf(decodeBundle(bundle).envelope as Uint8Array);
      expect(slots.map(([key]) => key.join())).not.toContain(identity.signPub.join());
      for (const [signPub, enc, ciphertext] of slots) {
        const owner = roster(ada).find((member) => member.signPub.join() === signPub.join());
        const infos = [
          slotInfo(context, signPub, owner?.dhPub as Uint8Array),
          slotInfo(context, identity.signPub, identity.dhPub),
        ];
        for (const info of infos) expect(() => hpkeOpen(loadDhKey(ben), enc, ciphertext, { info })).toThrow();
      }
    }
  });
});

/** The `info` of a slot, written out once more as docs/protocol.md has it. */
function slotInfo(context: EnvelopeContext, signPub: Uint8Array, dhPub: Uint8Array): Uint8Array {
  const { groupId, epoch, prev, signer, rosterHash, secretCommit } = context;
  return encodeCbor(['arborist-mesh/1 wrap', groupId, epoch, prev, signer, rosterHash, secretCommit, signPub, dhPub]);
}

describe('an envelope moved to another group, epoch, actor or recipient does not open', () => {
  test('since its slots are bound to all of them', async () => {
    const { ada, ben } = await openGroup(['ada', 'ben']);
    const { identity, self, id: groupId } = requireGroup(ben);
    const rotated = rotateEpoch(ada);
    const event = storedEvent(ada, rotated.eventId);
    const context = envelopeContext(groupId, event);
    const members = new Roster(roster(ada));
    const envelope = decodeBundle(rotated.bundle).envelope as Uint8Array;
    const slots = checkEnvelope(envelope, event.envelopeHash, members);
    const member = members.bySignPub(identity.signPub) as NonNullable<typeof self>;
    expect(openOwnSlot(slots, context, member, loadDhKey(ben))).toEqual(loadSecret(ada, rotated.eventId));

    const other = new Uint8Array(32).fill(5);
    const moved: Partial<EnvelopeContext>[] = [
      { groupId: other },
      { epoch: 3 },
      { prev: other },
      { signer: other },
      { rosterHash: other },
      { secretCommit: other },
    ];
    for (const change of moved) {
      const attempt = () => openOwnSlot(slots, { ...context, ...change }, member, loadDhKey(ben));
      expect(attempt).toThrow(expect.objectContaining({ code: 'invalid-envelope', reason: 'slot' }));
    }
    for (const change of [
      { signPub: requireGroup(ada).identity.signPub },
      { dhPub: requireGroup(ada).identity.dhPub },
    ]) {
      expect(() => openOwnSlot(slots, context, { ...member, ...change }, loadDhKey(ben))).toThrow();
    }
  });

  test('nor is the envelope of one event taken for another', async () => {
    const { ada, ben } = await openGroup(['ada', 'ben']);
    const first = decodeBundle(rotateEpoch(ada).bundle);
    const second = decodeBundle(rotateEpoch(ada).bundle);
    deliver(encodeBundle(first), [ben]);
    const swapped = encodeBundle({ frame: second.frame, envelope: first.envelope });
    expect(applyEvents(ben, [swapped]).results[0]).toMatchObject({ outcome: 'applied', fault: 'envelope-hash' });
    expect(meshStatus(ben).group).toMatchObject({ hasSecret: false, faults: [{ reason: 'envelope-hash' }] });
    const again = applyEvents(ben, [encodeBundle(second)]).results[0];
    expect(again).toMatchObject({ outcome: 'duplicate', envelope: 'stored' });
    expect(meshStatus(ben).group).toMatchObject({ hasSecret: true, faults: [] });
  });

  test('every slot has an encapsulation of its own', async () => {
    const { ada } = await openGroup(['ada', 'ben', 'cleo']);
    const encs = [rotateEpoch(ada), rotateEpoch(ada)].flatMap(({ bundle }) =>
      slotsOf(decodeBundle(bundle).envelope as Uint8Array).map(([, enc]) => enc.join()),
    );
    expect(new Set(encs).size).toBe(6);
  });

  test('its slots are bound to exactly what the protocol says', async () => {
    const { ada, ben } = await openGroup(['ada', 'ben']);
    const { id: groupId, head, identity } = requireGroup(ben);
    const event = storedEvent(ada, head.id);
    const context = envelopeContext(groupId, event);
    const members = new Roster(roster(ada));
    const secret = new Uint8Array(32).fill(3);
    const slot = slotsOf(sealEnvelope(context, members, secret)).find(
      ([key]) => key.join() === identity.signPub.join(),
    );
    const [, enc, ciphertext] = slot as Slot;
    const info = slotInfo(context, identity.signPub, identity.dhPub);
    expect(hpkeOpen(loadDhKey(ben), enc, ciphertext, { info })).toEqual(secret);
  });
});

describe('An envelope that did not come', () => {
  test('leaves a member without the secret until a later bundle brings it', async () => {
    const { ada, ben, cleo } = await openGroup(['ada', 'ben', 'cleo']);
    const { eventId, bundle } = rotateEpoch(ada);
    const bare = encodeBundle({ ...decodeBundle(bundle), envelope: null });
    expect(applyEvents(ben, [bare]).results).toEqual([{ eventId, outcome: 'applied' }]);
    expect(meshStatus(ben).group).toMatchObject({ epoch: 3, hasSecret: false, faults: [] });
    applyEvents(cleo, [bundle]);
    expect(applyEvents(ben, eventsSince(cleo)).results.at(-1)).toEqual({
      eventId,
      outcome: 'duplicate',
      envelope: 'stored',
    });
    expect(meshStatus(ben).group?.hasSecret).toBe(true);
    expect(verifyHistory(ben).ok).toBe(true);
  });
});

describe('A fault', () => {
  test('is taken from members only, once, signed, and about this group', async () => {
    const { ada, cleo, apply } = await badRotate({ sealed: new Uint8Array(32) });
    apply(ada);
    apply(cleo);
    const fault = meshStatus(cleo).group?.faults[0]?.frame as Uint8Array;
    const flipped = fault.slice();
    flipped[flipped.length - 1] = (flipped.at(-1) as number) ^ 1;
    expect(refusal(ada, () => applyFault(ada, flipped)).code).toBe('authentication-failed');
    expect(refusal(ada, () => applyFault(ada, new Uint8Array(9))).code).toBe('codec');
    const stranger = (await openGroup(['ada'])).ada;
    expect(refusal(stranger, () => applyFault(stranger, fault)).code).toBe('not-a-member');
    applyFault(ada, fault);
    applyFault(ada, fault);
    expect(meshStatus(ada).group?.faults).toHaveLength(2);
  });
});
