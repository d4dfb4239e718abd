/** Signatures verified together ahead of taking events in: the same results, one by one. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type FrameVerifier, parseFrame, VerifiedFrames, verifyFrame } from '../../src/codec/frame.js';
import { applyEvents, type EventResult, type MeshDatabase } from '../../src/index.js';
import { EventIntake } from '../../src/mesh/apply-events.js';
import { OpenedBundles } from '../../src/mesh/bundle.js';
import { requireGroup } from '../../src/mesh/group.js';
import { MAX_FRAME_BYTES } from '../../src/mesh/limits.js';
import { refusals, refusingGroup } from '../support/membership/cases/refusals.js';
import { attempts, eventTree } from '../support/membership/event-tree.js';
import { signTree } from '../support/membership/sign-tree.js';
import { openReader, personOf, type SignedTree } from '../support/membership/signed-tree.js';

/** Takes bundles in with a verifier of choice, as `applyEvents` does otherwise. */
function applyWith(db: MeshDatabase, bundles: readonly Uint8Array[], verify: FrameVerifier) {
  const { id: groupId, identity } = requireGroup(db);
  return db.transaction(() => {
    const intake = new EventIntake(db, { groupId, identity, bundles: new OpenedBundles(), verify });
    for (const bundle of bundles) intake.take(bundle);
    return intake.finish();
  });
}

const TABLES = ['mesh_event', 'mesh_roster', 'mesh_orphan', 'mesh_envelope', 'mesh_conflict'];
const contentOf = (db: MeshDatabase) => TABLES.map((table) => db.sql.all(`SELECT * FROM ${table} ORDER BY 1, 2`));

/** Applies the bundles both ways and expects the same of them; what it was. */
async function expectSame(tree: SignedTree, bundles: readonly Uint8Array[]): Promise<readonly EventResult[]> {
  const [together, single] = [await openReader(tree), await openReader(tree)];
  const { results, adopted } = applyEvents(together, bundles);
  expect({ results, adopted }).toEqual(applyWith(single, bundles, verifyFrame));
  expect(contentOf(together)).toEqual(contentOf(single));
  together.close();
  single.close();
  return results;
}

/** Damages, by what the number says: a bit somewhere, the end missing, or nothing at all. */
function damaged(bundle: Uint8Array, damage: number): Uint8Array {
  if (damage % 4 !== 0) return bundle;
  const at = damage % bundle.length;
  return damage % 8 === 0 ? bundle.with(at, (bundle[at] ?? 0) ^ (1 << (damage % 7))) : bundle.subarray(0, at);
}

const deliveries = fc.array(fc.record({ event: fc.nat(99), damage: fc.nat(99_999) }), {
  minLength: 4,
  maxLength: 40,
});

describe('Verifying signatures ahead', () => {
  test('changes no result and nothing stored: random trees, gaps, copies, damage, any order', async () => {
    const property = fc.asyncProperty(attempts(12).map(eventTree), deliveries, async (events, delivered) => {
      const { tree } = signTree(events);
      const bundles = tree.events().map(({ bundle }) => bundle);
      const chosen = delivered.map(({ event, damage }) => {
        return damaged(bundles[event % bundles.length] as Uint8Array, damage);
      });
      await expectSame(tree, chosen);
    });
    await fc.assert(property, { numRuns: 40 });
  });

  test('refuses the same events by the same rules, among good ones before and behind them', async () => {
    const tree = refusingGroup();
    const known = tree.events().map(({ bundle }) => bundle);
    const bad = refusals();
    const results = await expectSame(tree, [...known, ...bad.map(({ bundle }) => bundle), ...known]);
    expect(results.slice(known.length, known.length + bad.length).map(({ rule }) => rule)).toEqual(
      bad.map(({ rule }) => rule),
    );
  });

  test('goes along a line of admins, each added by the one before', async () => {
    const { tree } = signTree([]);
    let [on, by] = ['genesis', tree.event('genesis').roster.members[0]?.memberId ?? ''];
    for (let i = 0; i < 12; i++) {
      const who = `admin-${i}`;
      tree.sign(who, on, by, { kind: 'add', who, role: 'admin' });
      [on, by] = [who, who];
    }
    const bundles = tree.events().map(({ bundle }) => bundle);
    expect((await expectSame(tree, bundles)).map(({ outcome }) => outcome)).toEqual([
      'duplicate',
      ...Array(12).fill('applied'),
    ]);
    await expectSame(tree, bundles.toReversed());
  });

  test('knows a signature as good for its own key, type and bytes only', () => {
    const { tree } = signTree([]);
    const [founder, other] = [tree.event('genesis').roster.members[0], personOf('someone else')];
    const publicKey = founder?.signPub as Uint8Array;
    const frame = parseFrame(tree.event('genesis').frame.bytes, { maxBytes: MAX_FRAME_BYTES });
    const forged = { ...frame, signature: frame.signature.with(0, (frame.signature[0] ?? 0) ^ 1) };
    const known = new VerifiedFrames();
    expect(
      known.add([
        { frame, publicKey },
        { frame: forged, publicKey },
      ]),
    ).toEqual([{ frame, publicKey }]);
    expect(known.verify(frame, publicKey)).toBe(true);
    expect(known.verify(forged, publicKey)).toBe(false);
    expect(known.verify(frame, other.signPub)).toBe(false);
    expect(known.verify({ ...frame, id: frame.id.with(0, 1), body: frame.body.with(40, 1) }, publicKey)).toBe(false);
  });
});
