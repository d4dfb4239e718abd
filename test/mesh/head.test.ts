/** The choice of the head made in steps: the same as from all events at once, and no dearer in a long history. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { applyEvents, explainEvent, type MeshDatabase, openDatabase, sealGossip } from '../../src/index.js';
import { allEvents, type EventNode, findHead, requireEvent } from '../../src/mesh/event-store.js';
import { chooseAmong, chooseHead, type ForkChoiceEvent, type Trunk } from '../../src/mesh/fork-choice.js';
import { requireGroup } from '../../src/mesh/group.js';
import { chooseHeadAgain, placeEvent, startHead } from '../../src/mesh/head.js';
import { fromHex } from '../support/hex.js';
import { attempts, eventTree } from '../support/membership/event-tree.js';
import { type ModelEvent, ModelHistory, modelHead } from '../support/membership/model.js';
import { SeededRandom } from '../support/seeded-random.js';
import { forge } from './support/forge.js';
import { openGroup } from './support/peers.js';

/** The model's ids are hexadecimal texts; as ids of 32 bytes they keep their order. */
const idOf = (text: string) => fromHex(text.padEnd(64, '0'));

interface NamedEvent extends ForkChoiceEvent {
  readonly name: string;
  readonly sinceEpoch: number;
}

function namedEvents(events: readonly ModelEvent[]): NamedEvent[] {
  const epochs = new Map(events.map(({ id, epoch }) => [id, epoch]));
  return events.map(({ id, parent, epoch, actor, action }) => ({
    name: id,
    id: idOf(id),
    parent: parent === null ? null : idOf(parent),
    epoch,
    actor: idOf(actor),
    sinceEpoch: epochs.get(actor) as number,
    target: action.kind === 'kick' ? idOf(action.target) : null,
  }));
}

const same = (a: Uint8Array, b: Uint8Array | null) => b !== null && a.join() === b.join();

/** Random trees over a founder who first makes four admins: juniors and seniors, so that kicks meet. */
const trees = (maxLength: number) =>
  fc.tuple(fc.boolean(), attempts(maxLength)).map(([alone, list]) => {
    const admins = [0, 1, 2, 3].map((salt) => ({ parent: 0, actor: 0, kind: 'admin', target: 0, salt }) as const);
    return eventTree(alone ? list : [...admins, ...list]);
  });

/** A path from genesis as the choice asks about it. */
function trunkOf(path: readonly NamedEvent[]): Trunk {
  return {
    actors: () => path,
    lastBelow: (actor, epoch) => path.findLast((event) => same(actor, event.actor) && event.epoch < epoch) ?? null,
    firstAbove: (actor, epoch) => path.find((event) => same(actor, event.actor) && event.epoch > epoch) ?? null,
    kickOf: (target) => path.find((event) => same(target, event.target)) ?? null,
  };
}

const namesOf = (events: Iterable<NamedEvent>) => [...events].map(({ name }) => name).sort();

describe('The choice of the head', () => {
  test('does not depend on which path is taken as the trunk, and is that of the rule as it is written', () => {
    fc.assert(
      fc.property(trees(14), fc.nat(), (tree, pick) => {
        const events = namedEvents(tree);
        const history = new ModelHistory(tree);
        const expected = chooseHead(events);
        expect(expected.head.name).toBe(modelHead(history));
        const end = tree[pick % tree.length] as ModelEvent;
        const onTrunk = new Set(history.path(end.id).map(({ id }) => id));
        const trunk = events.filter(({ name }) => onTrunk.has(name));
        const branches = events.filter(({ name }) => !onTrunk.has(name));
        const choice = chooseAmong(trunkOf(trunk), branches);
        const head = choice.branchHead ?? trunk.find(({ epoch }) => epoch === choice.trunkEpoch);
        expect(head?.name).toBe(expected.head.name);
        const counted = trunk.filter((event) => event.target !== null && choice.countsOnTrunk(event));
        expect(namesOf([...choice.standingKicks, ...counted])).toEqual(namesOf(expected.standingKicks));
      }),
      { numRuns: 20_000 },
    );
  });

  /** Puts an event of the model into the tree of a database, as one that was found valid. */
  function insert(db: MeshDatabase, { id, parent, epoch, actor, action }: ModelEvent): EventNode {
    const target = action.kind === 'kick' ? idOf(action.target) : null;
    db.sql.run(
      `INSERT INTO mesh_event (event_id, parent, epoch, kind, actor, target, on_head_path, standing, frame)
       VALUES (?, ?, ?, ?, ?, ?, 0, 0, x'')`,
      [idOf(id), parent === null ? null : idOf(parent), epoch, action.kind, idOf(actor), target],
    );
    return requireEvent(db, idOf(id));
  }

  test('in the database is right after every few events, in any order that has parents first', async () => {
    const db = await openDatabase();
    db.sql.run('PRAGMA foreign_keys = OFF');
    fc.assert(
      fc.property(trees(18), fc.integer({ min: 1, max: 4 }), fc.nat(), (tree, together, seed) => {
        const random = new SeededRandom(seed);
        db.sql.run('DELETE FROM mesh_event');
        const [genesis, ...rest] = tree as [ModelEvent, ...ModelEvent[]];
        startHead(db, insert(db, genesis));
        const known = new Set([genesis.id]);
        const waiting = new Set(rest);
        while (waiting.size > 0) {
          let isStale = false;
          for (let i = 0; i < together && waiting.size > 0; i++) {
            const ready = [...waiting].filter(({ parent }) => known.has(parent as string));
            const next = ready[random.below(ready.length)] as ModelEvent;
            waiting.delete(next);
            known.add(next.id);
            const event = insert(db, next);
            isStale = isStale || !placeEvent(db, event);
          }
          if (isStale) chooseHeadAgain(db);
          const events = allEvents(db);
          const { head, standingKicks } = chooseHead(events);
          expect(findHead(db)?.id).toEqual(head.id);
          expect(events.filter(({ standing }) => standing)).toEqual(
            events.filter((kick) => standingKicks.includes(kick)),
          );
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('One more event', () => {
  /** Statements by their text, and how many rows they gave, while `work` runs. */
  function countSql(db: MeshDatabase, work: () => void) {
    const texts: string[] = [];
    let rows = 0;
    const { sql } = db;
    const counting: typeof sql = {
      run: (text, params) => {
        texts.push(text);
        sql.run(text, params);
      },
      get: (text, params) => {
        texts.push(text);
        rows += 1;
        return sql.get(text, params);
      },
      all: (text, params) => {
        texts.push(text);
        const result = sql.all(text, params);
        rows += result.length;
        return result;
      },
    };
    Object.assign(db, { sql: counting });
    work();
    Object.assign(db, { sql });
    return { statements: texts.length, rows, texts };
  }

  /** Lengthens every peer's history by the same rotates, whose frames nobody looks at. */
  function lengthen(peers: readonly MeshDatabase[], length: number): void {
    const random = new SeededRandom(length);
    const ids = Array.from({ length }, () => random.bytes(32));
    for (const db of peers) {
      const { head, id: founder } = requireGroup(db);
      db.transaction(() => {
        ids.forEach((id, i) => {
          db.sql.run(
            `INSERT INTO mesh_event (event_id, parent, epoch, kind, actor, on_head_path, standing, frame)
             VALUES (?, ?, ?, 'rotate', ?, 1, 0, x'')`,
            [id, ids[i - 1] ?? head.id, head.epoch + 1 + i, founder],
          );
        });
      });
    }
  }

  const ancestor = (db: MeshDatabase, back: number) => {
    const { epoch } = findHead(db) as EventNode;
    const row = db.sql.get('SELECT event_id FROM mesh_event WHERE on_head_path = 1 AND epoch = ?', [epoch - back]);
    return row?.event_id as Uint8Array;
  };

  /** What it takes a member to hear of each of these, in this order, after so many epochs. */
  async function costsAfter(length: number) {
    const { ada, ben, cleo, dan } = await openGroup(['ada', 'ben', 'cleo', 'dan'], ['ben', 'cleo']);
    lengthen([ada, ben, cleo, dan], length);
    const midOf = (name: string) => requireGroup(dan).roster.byMemberId(name)?.mid as Uint8Array;
    const apply = (bundle: Uint8Array) => () => {
      expect(applyEvents(dan, [bundle]).results[0]?.outcome).toBe('applied');
    };
    const rotate = { kind: 'rotate' } as const;
    const onHead = forge(ada, { change: rotate });
    const costs = { 'on the head': countSql(dan, apply(onHead.bundle)) };
    const measure = (name: string, work: () => void) => Object.assign(costs, { [name]: countSql(dan, work) });
    measure('a junior’s, beside the head', apply(forge(ben, { change: rotate }).bundle));
    const old = ancestor(ada, length >> 1);
    measure('on a parent of long ago', apply(forge(ben, { change: rotate, parent: old }).bundle));
    measure(
      'a kick on a parent of long ago',
      apply(forge(ben, { change: { kind: 'kick', target: midOf('cleo'), cut: [] }, parent: old }).bundle),
    );
    const juniors = forge(ben, { change: rotate, parent: ancestor(ben, 0) });
    measure('another one beside the head', apply(juniors.bundle));
    applyEvents(ada, [onHead.bundle]);
    const senior = forge(ada, { change: rotate });
    applyEvents(ben, [onHead.bundle]);
    const losing = forge(ben, { change: rotate });
    measure('a junior’s on the head', apply(losing.bundle));
    measure('a senior’s that takes its place', apply(senior.bundle));
    measure('an explanation', () => {
      explainEvent(dan, losing.bundle);
    });
    expect(() => countSql(dan, () => sealGossip(dan, Uint8Array.of(1)))).toThrow('was kicked on another branch');
    expect(findHead(dan)?.id).toEqual(senior.eventId);
    return { costs, dan };
  }

  test('costs the same statements and rows after 10,000 epochs as after 100, each by an index', async () => {
    const few = await costsAfter(100);
    const many = await costsAfter(10_000);
    const figures = (costs: object) =>
      Object.entries(costs).map(([name, { statements, rows }]: [string, { statements: number; rows: number }]) => ({
        name,
        statements,
        rows,
      }));
    expect(figures(many.costs)).toEqual(figures(few.costs));
    const texts = new Set(Object.values(many.costs).flatMap(({ texts }) => texts));
    for (const text of texts) {
      const plan = many.dan.sql.all(`EXPLAIN QUERY PLAN ${text}`).map(({ detail }) => detail as string);
      // Whole indexes are read only where they hold losing branches, or to take the last entry.
      const scans = plan.filter(
        (line) => /^SCAN (mesh|event|added)/.test(line) && !/side_branches|losing_kicks/.test(line),
      );
      expect(
        scans.filter((line) => !(text.endsWith('LIMIT 1') && line.endsWith('mesh_event_head_path'))),
        text,
      ).toEqual([]);
    }
  });
});
