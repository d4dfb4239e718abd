/** Random trees of really signed events, taken in by databases in any order, with duplicates and gaps. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { applyEvents, type MeshDatabase, meshStatus, roster } from '../../src/index.js';
import { findHead } from '../../src/mesh/event-store.js';
import { toHex } from '../support/hex.js';
import { attempts, eventTree } from '../support/membership/event-tree.js';
import { FOUNDER, type ModelEvent, ModelHistory, modelHead } from '../support/membership/model.js';
import { type Does, openReader, SignedTree } from '../support/membership/signed-tree.js';
import { storedHistory } from '../support/membership/stored-history.js';

/** Signs a tree of the model. */
function signedTree(events: readonly ModelEvent[]): SignedTree {
  const history = new ModelHistory(events);
  const nameOf = (mid: string) => {
    const { action } = history.event(mid);
    return action.kind === 'add' ? action.person : FOUNDER;
  };
  const doesOf = (action: Exclude<ModelEvent['action'], { kind: 'genesis' }>): Does => {
    if (action.kind === 'kick') return { kind: 'kick', whom: nameOf(action.target) };
    if (action.kind === 'add') return { kind: 'add', who: action.person, role: action.role };
    return { kind: 'rotate' };
  };
  const tree = new SignedTree(FOUNDER);
  const labels = new Map<string | null, string>();
  for (const { id, parent, actor, action } of events) {
    labels.set(id, parent === null ? 'genesis' : id);
    if (parent === null || action.kind === 'genesis') continue;
    tree.sign(id, labels.get(parent) as string, nameOf(actor), doesOf(action));
  }
  return tree;
}

const headOf = (db: MeshDatabase) => toHex(findHead(db)?.id as Uint8Array);

/** In the order of their numbers; some come twice. */
function shuffled(bundles: readonly Uint8Array[], numbers: readonly number[]): Uint8Array[] {
  const places = bundles.map((bundle, i) => ({ bundle, place: numbers[i] ?? 0 }));
  const twice = places
    .filter(({ place }) => place % 3 === 0)
    .map(({ bundle, place }) => ({ bundle, place: place * 7 }));
  return [...places, ...twice].sort((a, b) => a.place - b.place).map(({ bundle }) => bundle);
}

const numbers = fc.array(fc.nat(9_999), { minLength: 16, maxLength: 16 });

describe('Signed events', () => {
  test('give one head and roster, in any order, with duplicates and gaps, and the model’s at every step', async () => {
    await fc.assert(
      fc.asyncProperty(attempts(12).map(eventTree), numbers, numbers, async (events, first, second) => {
        const tree = signedTree(events);
        const bundles = tree.events().map(({ bundle }) => bundle);
        const [stepwise, atOnce] = [await openReader(tree), await openReader(tree)];
        for (const bundle of shuffled(bundles, first)) {
          applyEvents(stepwise, [bundle]);
          expect(headOf(stepwise)).toBe(modelHead(storedHistory(stepwise)));
        }
        applyEvents(atOnce, shuffled(bundles, second));
        for (const db of [stepwise, atOnce]) {
          expect(meshStatus(db).group).toMatchObject({ events: events.length, orphans: 0 });
        }
        expect(headOf(atOnce)).toBe(headOf(stepwise));
        expect(roster(atOnce)).toEqual(roster(stepwise));
        const people = [...storedHistory(atOnce).rosterAfter(headOf(atOnce)).keys()].sort();
        expect(
          roster(atOnce)
            .map(({ mid }) => toHex(mid))
            .sort(),
        ).toEqual(people);
        stepwise.close();
        atOnce.close();
      }),
      { numRuns: 200 },
    );
  });
});
