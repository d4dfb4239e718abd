import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeCbor } from '../../src/codec/cbor.js';
import { parseFrame } from '../../src/codec/frame.js';
import {
  applyEvents,
  eventsSince,
  InvalidInputError,
  kickMember,
  type MeshDatabase,
  meshStatus,
  openDatabase,
  openGossip,
  roster,
  rotateEpoch,
  sealGossip,
  verifyHistory,
} from '../../src/index.js';
import { decodeBundle, encodeBundle } from '../../src/mesh/bundle.js';
import { requireGroup } from '../../src/mesh/group.js';
import { SeededRandom } from '../support/seeded-random.js';
import { deliver, join, openGroup, openPeer, START } from './support/peers.js';
import { refusal, unchanged } from './support/unchanged.js';

const copyOf = (db: MeshDatabase) => openDatabase({ bytes: db.export(), now: () => START });
const outcomes = (db: MeshDatabase, bundles: Uint8Array[]) =>
  applyEvents(db, bundles).results.map(({ outcome }) => outcome);
const view = (db: MeshDatabase) => ({ head: meshStatus(db).group?.head, roster: roster(db) });

describe('Applying events', () => {
  test('tells head before and after, and what became of each bundle', async () => {
    const { ada, ben } = await openGroup(['ada', 'ben']);
    const headBefore = meshStatus(ben).group?.head;
    const first = rotateEpoch(ada);
    const second = rotateEpoch(ada);
    expect(applyEvents(ben, [first.bundle, first.bundle, second.bundle])).toEqual({
      results: [
        { eventId: first.eventId, outcome: 'applied', envelope: 'stored' },
        { eventId: first.eventId, outcome: 'duplicate' },
        { eventId: second.eventId, outcome: 'applied', envelope: 'stored' },
      ],
      adopted: [],
      headBefore,
      headAfter: second.eventId,
      reorganized: [],
    });
  });

  test('a second time changes nothing', async () => {
    const { ada, ben } = await openGroup(['ada', 'ben']);
    const bundles = [rotateEpoch(ada), rotateEpoch(ada)].map(({ bundle }) => bundle);
    applyEvents(ben, bundles);
    expect(unchanged(ben, () => outcomes(ben, bundles))).toEqual(['duplicate', 'duplicate']);
    expect(unchanged(ada, () => outcomes(ada, bundles))).toEqual(['duplicate', 'duplicate']);
  });

  test('of anything but byte arrays is refused', async () => {
    const { ada } = await openGroup(['ada']);
    for (const bundles of [null, 'x', [1], [new Uint8Array(1), null]] as unknown as Uint8Array[][]) {
      expect(refusal(ada, () => applyEvents(ada, bundles))).toBeInstanceOf(InvalidInputError);
      expect(refusal(ada, () => eventsSince(ada, bundles ?? ('x' as never)))).toBeInstanceOf(InvalidInputError);
    }
  });

  test('works in any order: what comes too early waits, and is taken in when its parent comes', async () => {
    const { ada, ben } = await openGroup(['ada', 'ben']);
    const cleo = await openPeer();
    const added = join(ada, cleo, 'cleo', { role: 'admin' });
    // ben knows neither cleo nor the events in between.
    const [second, third] = [rotateEpoch(cleo), rotateEpoch(cleo)];
    expect(outcomes(ben, [third.bundle, second.bundle])).toEqual(['orphaned', 'orphaned']);
    expect(meshStatus(ben).group).toMatchObject({ epoch: 1, orphans: 2 });
    const { results, adopted, headAfter } = applyEvents(ben, [added.bundle]);
    expect(results.map(({ outcome }) => outcome)).toEqual(['applied']);
    expect(adopted.map(({ eventId, outcome }) => [eventId, outcome])).toEqual([
      [second.eventId, 'applied'],
      [third.eventId, 'applied'],
    ]);
    expect(headAfter).toEqual(third.eventId);
    expect(meshStatus(ben).group).toMatchObject({ epoch: 4, orphans: 0, hasSecret: true });
  });

  test('says of what came twice and too early that it was applied, and then known', async () => {
    const { ada, ben } = await openGroup(['ada', 'ben']);
    const parent = rotateEpoch(ada).bundle;
    const child = rotateEpoch(ada).bundle;
    expect(outcomes(ben, [child, child, parent, child])).toEqual(['applied', 'duplicate', 'applied', 'duplicate']);
  });

  test('in one call and in any order is as good as in order', async () => {
    const { ada, ben } = await openGroup(['ada', 'ben']);
    const bundles = Array.from({ length: 6 }, () => rotateEpoch(ada).bundle).reverse();
    const { results, adopted } = applyEvents(ben, bundles);
    expect(results.map(({ outcome }) => outcome)).toEqual(bundles.map(() => 'applied'));
    expect(adopted).toEqual([]);
    expect(view(ben)).toEqual(view(ada));
  });
});

describe('Events for other peers', () => {
  test('are those that they lack, parents first', async () => {
    const { ada, ben, cleo } = await openGroup(['ada', 'ben', 'cleo'], ['ben']);
    const have = meshStatus(cleo).group?.head as Uint8Array;
    rotateEpoch(ada);
    applyEvents(ben, eventsSince(ada, [have]));
    const side = await copyOf(ben);
    const one = rotateEpoch(ben);
    const two = rotateEpoch(side);
    applyEvents(ben, [two.bundle]);
    const count = (ids: Uint8Array[]) => eventsSince(ben, ids).length;
    expect(count([])).toBe(6);
    expect(count([have])).toBe(3);
    expect(count([one.eventId])).toBe(1);
    expect(count([two.eventId])).toBe(1);
    expect(count([one.eventId, two.eventId])).toBe(0);
    expect(count([new Uint8Array(32)])).toBe(6);
    expect(outcomes(cleo, eventsSince(ben, [have]))).toEqual(['applied', 'applied', 'applied']);
    expect(view(cleo)).toEqual(view(ben));
  });
});

describe('Events that wait', () => {
  /** Well-formed frames of this group by any signer, whose signature nobody can check. */
  function strangers(db: MeshDatabase, count: number, random: SeededRandom, signer?: Uint8Array): Uint8Array[] {
    const { id } = requireGroup(db);
    const start = Uint8Array.of(0x89, 0x58, 32, ...id);
    return Array.from({ length: count }, () => {
      const payload = new Uint8Array([...start, ...random.bytes(40)]);
      const frame = encodeCbor([1, 'event', signer ?? random.bytes(32), random.bytes(64), payload]);
      return encodeBundle({ frame, envelope: null });
    });
  }

  test('are at most a thousand of one actor, the oldest dropped first', async () => {
    const { ada } = await openGroup(['ada']);
    const random = new SeededRandom(1);
    const bundles = strangers(ada, 1_010, random, random.bytes(32));
    expect(new Set(outcomes(ada, bundles))).toEqual(new Set(['orphaned']));
    expect(meshStatus(ada).group?.orphans).toBe(1_000);
    const kept = new Set(
      ada.sql.all('SELECT bundle FROM mesh_orphan').map(({ bundle }) => (bundle as Uint8Array).join()),
    );
    expect(bundles.map((bundle) => kept.has(bundle.join())).lastIndexOf(false)).toBe(9);
  });

  test('are at most ten thousand in all, and members are still served', async () => {
    const { ada, ben } = await openGroup(['ada', 'ben']);
    applyEvents(ben, strangers(ben, 10_050, new SeededRandom(2)));
    expect(meshStatus(ben).group?.orphans).toBe(10_000);
    deliver(rotateEpoch(ada).bundle, [ben]);
    expect(openGossip(ben, sealGossip(ada, Uint8Array.of(1))).epoch).toBe(2);
  });

  test('for their parent keep the true envelope, whatever false one came with them before', async () => {
    const { ada, ben } = await openGroup(['ada', 'ben']);
    const parent = rotateEpoch(ada);
    const child = rotateEpoch(ada);
    const { frame, envelope } = decodeBundle(child.bundle);
    const falseEnvelope = new Uint8Array((envelope?.length ?? 0) + 100);
    expect(outcomes(ben, [encodeBundle({ frame, envelope: falseEnvelope })])).toEqual(['orphaned']);
    expect(outcomes(ben, [child.bundle])).toEqual(['orphaned']);
    deliver(parent.bundle, [ben]);
    expect(meshStatus(ben).group).toMatchObject({ epoch: child.epoch, hasSecret: true, faults: [] });
  });

  test('for their signer cannot be displaced by forged copies, in any order', async () => {
    const { ada, cleo } = await openGroup(['ada', 'cleo']);
    const ben = await openPeer();
    const added = join(ada, ben, 'ben', { role: 'admin' });
    const rotated = rotateEpoch(ben);
    const { frame, envelope } = decodeBundle(rotated.bundle);
    const { type, signer, signature, payload } = parseFrame(frame, { maxBytes: frame.length });
    const wrongSignature = signature.map((byte, i) => (i === 5 ? byte ^ 1 : byte));
    const forgedFrame = encodeCbor([1, type, signer, wrongSignature, payload]);
    const forged = encodeBundle({ frame: forgedFrame, envelope: new Uint8Array((envelope?.length ?? 0) + 100) });
    const start = cleo.export();
    for (const [early, expected] of [
      [
        [rotated.bundle, forged],
        ['applied', 'duplicate'],
      ],
      [
        [forged, rotated.bundle],
        ['refused', 'applied'],
      ],
      [
        [forged, rotated.bundle, forged, rotated.bundle],
        ['refused', 'applied', 'refused', 'duplicate'],
      ],
    ] as const) {
      const peer = await openDatabase({ bytes: start, now: () => START });
      expect(outcomes(peer, [...early, added.bundle])).toEqual([...expected, 'applied']);
      expect(meshStatus(peer).group).toMatchObject({ head: rotated.eventId, hasSecret: true, faults: [], orphans: 0 });
    }
  });

  test('are bounded in bytes, envelopes included', async () => {
    const { ada } = await openGroup(['ada']);
    const random = new SeededRandom(3);
    const id = requireGroup(ada).id;
    for (let i = 0; i < 40; i++) {
      const payload = new Uint8Array([0x89, 0x58, 32, ...id, i]);
      const frame = encodeCbor([1, 'event', random.bytes(32), random.bytes(64), payload]);
      applyEvents(ada, [encodeBundle({ frame, envelope: new Uint8Array(2_000_000) })]);
    }
    expect(meshStatus(ada).group?.orphans).toBe(33);
  });
});

describe('concurrent events converge under any order, loss and duplication of delivery', () => {
  /** Five peers whose admins act without hearing of each other, and all the bundles that this makes. */
  async function diverge() {
    const names = ['ada', 'ben', 'cleo', 'dan', 'eve'] as const;
    const group = await openGroup(names, ['ben', 'cleo', 'dan']);
    const base = await copyOf(group.eve);
    const bundles: Uint8Array[] = [];
    const act = (work: () => { bundle: Uint8Array }) => bundles.push(work().bundle);
    act(() => rotateEpoch(group.dan));
    act(() => kickMember(group.dan, 'eve'));
    act(() => kickMember(group.cleo, 'dan'));
    act(() => rotateEpoch(group.cleo));
    act(() => rotateEpoch(group.ben));
    act(() => kickMember(group.ben, 'cleo'));
    act(() => join(group.ben, openLater.pop() as MeshDatabase, 'fay'));
    return { base, bundles };
  }
  const openLater: MeshDatabase[] = [];

  test('to one head, roster and secret', async () => {
    openLater.push(await openPeer());
    const { base, bundles } = await diverge();
    const reference = await copyOf(base);
    applyEvents(reference, bundles);
    expect(
      roster(reference)
        .map(({ memberId }) => memberId)
        .sort(),
    ).toEqual(['ada', 'ben', 'dan', 'eve', 'fay']);
    expect(meshStatus(reference).group?.hasSecret).toBe(true);
    const orders = fc.sample(fc.shuffledSubarray(bundles, { minLength: bundles.length }), { numRuns: 12, seed: 1 });
    for (const order of orders) {
      const peer = await copyOf(base);
      for (const bundle of order) {
        applyEvents(peer, [bundle]);
        expect(verifyHistory(peer).problems).toEqual([]);
        applyEvents(peer, [bundle]);
      }
      expect(view(peer)).toEqual(view(reference));
      expect(meshStatus(peer).group?.hasSecret).toBe(true);
      expect(meshStatus(peer).group?.orphans).toBe(0);
    }
  });
});
