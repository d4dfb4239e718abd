import { describe, expect, test } from 'vitest';
import { applyEvents, explainEvent } from '../../src/index.js';
import { refusals, refusingGroup } from '../support/membership/cases/refusals.js';
import { openReader } from '../support/membership/signed-tree.js';

describe('An event that breaks one rule is refused by it, and changes nothing', () => {
  test.each(refusals().map(({ rule, about, bundle }) => [rule, about, bundle] as const))(
    '%s: %s',
    async (rule, _, bundle) => {
      const tree = refusingGroup();
      const db = await openReader(tree);
      const known = tree.events().map((event) => event.bundle);
      const { headAfter } = applyEvents(db, known);
      expect(explainEvent(db, bundle)).toMatchObject({ outcome: 'refused', rule });
      const applied = applyEvents(db, [bundle]);
      expect(applied.results).toMatchObject([{ outcome: 'refused', rule }]);
      expect(applied.headAfter).toEqual(headAfter);
      expect(db.sql.get('SELECT count(*) AS count FROM mesh_event')?.count).toBe(known.length);
      db.close();
    },
  );
});
