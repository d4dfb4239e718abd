/** The choice of the head over many random trees of events: any order, back-dating and juniors. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chooseHead } from '../../src/mesh/fork-choice.js';
import { type Attempt, attempts, eventTree } from '../support/membership/event-tree.js';
import { grownTree } from '../support/membership/grown-tree.js';
import { type ModelEvent, ModelHistory, modelHead } from '../support/membership/model.js';
import { ruleEvent } from '../support/membership/rule-events.js';

const headOf = (events: readonly ModelEvent[]) => chooseHead(events.map(ruleEvent)).head.text;

/** The head and the kicks that count, as one text. */
function choiceOf(events: readonly ModelEvent[]): string {
  const { head, standingKicks } = chooseHead(events.map(ruleEvent));
  const kicks = standingKicks.map(({ text }) => text).sort();
  return [head.text, ...kicks].join(' ');
}

/** The events in another order that still has parents before their children. */
function reordered(events: readonly ModelEvent[], choices: readonly number[]): ModelEvent[] {
  const [genesis, ...waiting] = events as [ModelEvent, ...ModelEvent[]];
  const known = new Set([genesis.id]);
  const order = [genesis];
  while (waiting.length > 0) {
    const ready = waiting.filter(({ parent }) => known.has(parent as string));
    const next = ready[(choices[order.length] ?? 0) % ready.length] as ModelEvent;
    waiting.splice(waiting.indexOf(next), 1);
    known.add(next.id);
    order.push(next);
  }
  return order;
}

/** A tree, numbers for what a property chooses, and a few more attempts to act. */
const tree = attempts(12).map(eventTree);
const choices = fc.array(fc.nat(99), { minLength: 14, maxLength: 14 });
const few: fc.Arbitrary<Attempt[]> = attempts(5).filter(({ length }) => length > 0);

describe('The head', () => {
  test('is the same for any order of any twenty thousand trees, and that of the model', () => {
    fc.assert(
      fc.property(tree, choices, (events, numbers) => {
        expect(choiceOf(reordered(events, numbers))).toBe(choiceOf(events));
        expect(headOf(events)).toBe(modelHead(new ModelHistory(events)));
      }),
      { numRuns: 20_000 },
    );
  });

  test('is not changed by what a kicked admin back-dates, nor by what its helpers build on that, in five thousand trees', () => {
    let trees = 0;
    const property = fc.property(tree, few, choices, (events, more, [choice = 0]) => {
      const history = new ModelHistory(events);
      const head = modelHead(history);
      const path = history.path(head);
      const kicks = path.flatMap(({ actor, action }) =>
        action.kind === 'kick' && history.isAdmin(action.target) ? [{ kicker: actor, target: action.target }] : [],
      );
      fc.pre(kicks.length > 0);
      const kick = kicks[choice % kicks.length] as (typeof kicks)[number];
      const known = new Set(events.map(({ id }) => id));
      // The kicked admin where it has not seen the kick; and on what it signed there, whoever does not outrank the kicker.
      const grown = grownTree(events, more, (now, parent, actor) =>
        known.has(parent.id) ? actor === kick.target : now.compareRank(kick.kicker, actor) < 0,
      );
      fc.pre(grown.length > events.length);
      trees += 1;
      expect(headOf(grown)).toBe(head);
    });
    fc.assert(property, { numRuns: 5_000, maxSkipsPerRun: 100 });
    expect(trees).toBeGreaterThanOrEqual(5_000);
  });

  test('stays on what a senior built on, whatever juniors add anywhere, in twenty thousand trees', () => {
    let trees = 0;
    const property = fc.property(tree, few, choices, (events, more, [choice = 0]) => {
      const history = new ModelHistory(events);
      const path = history.path(modelHead(history));
      const senior = (path[choice % path.length] as ModelEvent).actor;
      const built = path.findLast(({ actor }) => actor === senior) as ModelEvent;
      const grown = grownTree(events, more, (now, _, actor) => now.compareRank(senior, actor) < 0);
      fc.pre(grown.length > events.length);
      trees += 1;
      const head = headOf(grown);
      expect(new ModelHistory(grown).path(head)).toContain(built);
    });
    fc.assert(property, { numRuns: 20_000, maxSkipsPerRun: 100 });
    expect(trees).toBeGreaterThanOrEqual(20_000);
  });
});
