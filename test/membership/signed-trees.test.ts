/** Random trees of really signed events, taken in by databases in any order, with duplicates and gaps. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { applyEvents, type MeshDatabase, meshStatus, roster } from '../../src/index.js';
import { findHead } from '../../src/mesh/event-store.js';
import { toHex } from '../support/hex.js';
import { attempts, eventTree } from '../support/membership/event-tree.js';
import { modelHead } from '../support/membership/model.js';
import { signTree } from '../support/membership/sign-tree.js';
import { openReader } from '../support/membership/signed-tree.js';
import { storedHistory } from '../support/membership/stored-history.js';

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
        const { tree } = signTree(events);
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
      { numRuns: 150 },
    );
  });
});
