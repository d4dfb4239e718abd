/**
 * Random trees of membership events for the model, made from plain numbers so that fast-check can shrink them: every
 * number is taken modulo what there is to choose from at its place.
 *
 * @module
 */
import fc from 'fast-check';
import { type ModelEvent, ModelHistory } from './model.js';

/** One attempt to act. Many parents and actors make forks, conflicting kicks and accounts minted on old parents. */
export interface Attempt {
  /** How far back from the newest event the parent is. */
  readonly parent: number;
  /** Which admin of the parent's roster acts. */
  readonly actor: number;
  readonly kind: 'add' | 'admin' | 'kick' | 'rotate';
  /** Which member is kicked, or which person is added. */
  readonly target: number;
  /** Goes into the id, which decides ties. */
  readonly salt: number;
}

/** Attempts that favour recent parents, so that trees are deep as well as wide. */
export function attempts(maxLength: number): fc.Arbitrary<Attempt[]> {
  return fc.array(
    fc.record({
      parent: fc.oneof({ weight: 4, arbitrary: fc.nat(2) }, { weight: 1, arbitrary: fc.nat(20) }),
      actor: fc.nat(5),
      kind: fc.oneof(
        { weight: 3, arbitrary: fc.constant('admin' as const) },
        { weight: 1, arbitrary: fc.constant('add' as const) },
        { weight: 3, arbitrary: fc.constant('kick' as const) },
        { weight: 2, arbitrary: fc.constant('rotate' as const) },
      ),
      target: fc.nat(7),
      salt: fc.nat(0xffff),
    }),
    { maxLength, size: 'max' },
  );
}

/** A text of eight hexadecimal digits that scatters `(index, salt)` over the id space (an integer hash, splitmix-like). */
export function scatter(index: number, salt: number): string {
  let h = (index * 0x9e3779b1 + salt * 0x85ebca6b + 0x27d4eb2f) >>> 0;
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d);
  h = Math.imul(h ^ (h >>> 12), 0x297a2d39);
  return ((h ^ (h >>> 15)) >>> 0).toString(16).padStart(8, '0') + index.toString(16).padStart(4, '0');
}

const PEOPLE = Array.from({ length: 10 }, (_, index) => `person-${index}`);

/** What the attempt does at this place, or a rotate where there is nobody to add or to kick. */
export function chooseAction(
  history: ModelHistory,
  parentId: string,
  actor: string,
  attempt: Attempt,
): ModelEvent['action'] {
  const roster = history.rosterAfter(parentId);
  if (attempt.kind === 'kick') {
    const juniors = [...roster.keys()].filter((mid) => history.outranks(actor, mid));
    const target = juniors[attempt.target % Math.max(1, juniors.length)];
    if (target !== undefined) return { kind: 'kick', target };
  }
  if (attempt.kind === 'add' || attempt.kind === 'admin') {
    const present = [...roster.values()].map(({ person }) => person);
    const absent = PEOPLE.filter((person) => !present.includes(person));
    const person = absent[attempt.target % Math.max(1, absent.length)];
    if (person !== undefined) return { kind: 'add', person, role: attempt.kind === 'admin' ? 'admin' : 'member' };
  }
  return { kind: 'rotate' };
}

/** The tree of valid events that the attempts make. Genesis comes first, parents before children. */
export function eventTree(list: readonly Attempt[]): ModelEvent[] {
  const genesisId = scatter(0, 0);
  const events: ModelEvent[] = [
    { id: genesisId, parent: null, epoch: 0, actor: genesisId, action: { kind: 'genesis' } },
  ];
  list.forEach((attempt, index) => {
    const parent = events[Math.max(0, events.length - 1 - attempt.parent)] as ModelEvent;
    const history = new ModelHistory(events);
    const admins = [...history.rosterAfter(parent.id)].filter(([, { role }]) => role === 'admin').map(([mid]) => mid);
    // The founder cannot be outranked, so that every roster has an admin.
    const actor = admins[attempt.actor % admins.length] as string;
    events.push({
      id: scatter(index + 1, attempt.salt),
      parent: parent.id,
      epoch: parent.epoch + 1,
      actor,
      action: chooseAction(history, parent.id, actor, attempt),
    });
  });
  return events;
}
