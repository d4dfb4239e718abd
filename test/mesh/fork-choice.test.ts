/** The choice of the head against a direct transcription of the rule, and its increments against the whole. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type MeshDatabase, openDatabase } from '../../src/index.js';
import { allEvents, findHead, requireEvent } from '../../src/mesh/event-store.js';
import { chooseHead, type ForkChoiceEvent } from '../../src/mesh/fork-choice.js';
import { chooseHeadAgain, placeEvent, startHead } from '../../src/mesh/head.js';
import { attempts, eventTree } from '../support/membership/event-tree.js';
import { type ModelEvent, ModelHistory, modelHead } from '../support/membership/model.js';

/** The model's ids are hexadecimal texts; as ids of 32 bytes they keep their order. */
function idOf(text: string): Uint8Array {
  const id = new Uint8Array(32);
  for (let i = 0; i < text.length; i += 2) id[i / 2] = Number.parseInt(text.slice(i, i + 2), 16);
  return id;
}

const toEvent = ({ id, parent, epoch, actor, action }: ModelEvent): ForkChoiceEvent & { readonly text: string } => ({
  text: id,
  id: idOf(id),
  parent: parent === null ? null : idOf(parent),
  epoch,
  actor: idOf(actor),
  target: action.kind === 'kick' ? idOf(action.target) : null,
});

/** Puts an event of the model into the tree of a database, as one that was found valid. */
function insert(db: MeshDatabase, { id, parent, epoch, actor, action }: ModelEvent): void {
  const target = action.kind === 'kick' ? idOf(action.target) : null;
  db.sql.run(
    `INSERT INTO mesh_event (event_id, parent, epoch, kind, actor, target, on_head_path, standing, frame)
     VALUES (?, ?, ?, ?, ?, ?, 0, 0, x'')`,
    [idOf(id), parent === null ? null : idOf(parent), epoch, action.kind, idOf(actor), target],
  );
}

describe('The choice of the head', () => {
  test('is that of a direct transcription of the rule, on any tree', () => {
    fc.assert(
      fc.property(attempts(24), (list) => {
        const events = eventTree(list);
        expect(chooseHead(events.map(toEvent)).head.text).toBe(modelHead(new ModelHistory(events)));
      }),
      { numRuns: 1_500 },
    );
  });

  test('does not depend on the order in which siblings are known', () => {
    fc.assert(
      fc.property(attempts(24), fc.infiniteStream(fc.nat()), (list, numbers) => {
        const events = eventTree(list).map(toEvent);
        const places = new Map(events.map((event) => [event, numbers.next().value]));
        const shuffled = events.toSorted(
          (a, b) => a.epoch - b.epoch || (places.get(a) as number) - (places.get(b) as number),
        );
        const standing = (all: typeof events) => new Set(chooseHead(all).standingKicks.map(({ text }) => text));
        expect(chooseHead(shuffled).head.text).toBe(chooseHead(events).head.text);
        expect(standing(shuffled)).toEqual(standing(events));
      }),
      { numRuns: 500 },
    );
  });

  test('made event by event, in any order that has parents first, is that of all events at once', async () => {
    const db = await openDatabase();
    db.sql.run('PRAGMA foreign_keys = OFF');
    fc.assert(
      fc.property(attempts(20), fc.infiniteStream(fc.nat()), (list, numbers) => {
        db.sql.run('DELETE FROM mesh_event');
        const [genesis, ...rest] = eventTree(list) as [ModelEvent, ...ModelEvent[]];
        insert(db, genesis);
        startHead(db, requireEvent(db, idOf(genesis.id)));
        const known = new Set([genesis.id]);
        const waiting = [...rest];
        while (waiting.length > 0) {
          const ready = waiting.filter(({ parent }) => known.has(parent as string));
          const next = ready[numbers.next().value % ready.length] as ModelEvent;
          waiting.splice(waiting.indexOf(next), 1);
          known.add(next.id);
          insert(db, next);
          if (!placeEvent(db, requireEvent(db, idOf(next.id)))) chooseHeadAgain(db);
          const events = allEvents(db);
          const { head, standingKicks } = chooseHead(events);
          expect(findHead(db)?.id).toEqual(head.id);
          const marked = events.filter(({ standing }) => standing);
          expect(new Set(marked.map(({ id }) => id.join()))).toEqual(new Set(standingKicks.map(({ id }) => id.join())));
        }
      }),
      { numRuns: 150 },
    );
  });
});
