/** The hard cases of forks, each delivered in many orders, with duplicates and bundles that come late. */
import { describe, expect, test } from 'vitest';
import { applyEvents, conflicts, type MeshDatabase, meshStatus, roster, verifyHistory } from '../../src/index.js';
import { findHead } from '../../src/mesh/event-store.js';
import { toHex } from '../support/hex.js';
import { forkCases } from '../support/membership/cases/forks.js';
import type { TreeCase } from '../support/membership/cases/tree-case.js';
import { modelHead } from '../support/membership/model.js';
import { openReader } from '../support/membership/signed-tree.js';
import { storedHistory } from '../support/membership/stored-history.js';
import { SeededRandom } from '../support/seeded-random.js';

const ORDERS = 20;

const people = (db: MeshDatabase) =>
  roster(db)
    .map(({ memberId, role }) => `${memberId}${role === 'admin' ? '*' : ''}`)
    .sort()
    .join(' ');

/** The arrivals in another order; every third one comes a second time. */
function anotherOrder(arrivals: readonly string[], random: SeededRandom): string[] {
  const twice = arrivals.filter((_, i) => i % 3 === 0);
  return [...arrivals, ...twice]
    .map((name) => ({ name, place: random.uint32() }))
    .sort((a, b) => a.place - b.place)
    .map(({ name }) => name);
}

function expectOutcome(db: MeshDatabase, { tree, head, roster: expected, refused = {}, equivocators }: TreeCase): void {
  const headName = tree.nameOf(findHead(db)?.id as Uint8Array);
  expect(headName).toBe(head);
  expect(people(db)).toBe(expected);
  expect(toHex(tree.event(headName).id)).toBe(modelHead(storedHistory(db)));
  expect(meshStatus(db).group).toMatchObject({
    orphans: 0,
    events: tree.events().length - Object.keys(refused).length,
  });
  expect([...new Set(conflicts(db).map(({ memberId }) => memberId))].join(' ')).toBe(equivocators ?? '');
}

describe.each(forkCases().map((one) => [one.title, one] as const))('%s', (_, one) => {
  const { tree, arrivals, refused = {} } = one;
  const bundlesOf = (names: readonly string[]) => names.map((name) => tree.event(name).bundle);

  test('one by one, in the order given', async () => {
    const db = await openReader(tree);
    for (const name of arrivals) {
      const [result] = applyEvents(db, bundlesOf([name])).results;
      if (name in refused) expect(result).toMatchObject({ outcome: 'refused', rule: refused[name] });
      else expect(result?.outcome).not.toBe('refused');
    }
    expectOutcome(db, one);
    expect(verifyHistory(db).problems).toEqual([]);
    db.close();
  });

  test('in any other order, one by one or all at once', async () => {
    const random = new SeededRandom(arrivals.length);
    for (let i = 0; i < ORDERS; i++) {
      const db = await openReader(tree);
      const order = bundlesOf(anotherOrder(arrivals, random));
      if (i % 2 === 0) for (const bundle of order) applyEvents(db, [bundle]);
      else applyEvents(db, order);
      expectOutcome(db, one);
      db.close();
    }
  });
});
