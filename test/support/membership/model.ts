/**
 * The membership rule, transcribed as directly as it is written in docs/protocol.md, for comparison with the library:
 * no caches, no increments, texts for ids. Slow on purpose.
 *
 * @module
 */

/** An event with everything that the rule looks at, and nothing else. Ids are texts that sort as ids do. */
export interface ModelEvent {
  readonly id: string;
  readonly parent: string | null;
  readonly epoch: number;
  /** The member instance that acted: the id of the event that added it. */
  readonly actor: string;
  readonly action:
    | { readonly kind: 'genesis' | 'rotate' }
    | { readonly kind: 'add'; readonly person: string; readonly role: 'admin' | 'member' }
    | { readonly kind: 'kick'; readonly target: string };
}

interface ModelMember {
  readonly person: string;
  readonly role: 'admin' | 'member';
}

/** Member instance → member. */
export type ModelRoster = ReadonlyMap<string, ModelMember>;

/** The founder's name in every model history. */
export const FOUNDER = 'founder';

/** A set of events that answers the questions of the rule by walking parents. */
export class ModelHistory {
  readonly #events = new Map<string, ModelEvent>();

  constructor(events: Iterable<ModelEvent>) {
    for (const event of events) this.#events.set(event.id, event);
  }

  event(id: string): ModelEvent {
    const event = this.#events.get(id);
    if (event === undefined) throw new Error(`no event ${id} in the model`);
    return event;
  }

  events(): ModelEvent[] {
    return [...this.#events.values()];
  }

  /** From genesis to the event, both included. */
  path(id: string): ModelEvent[] {
    const path: ModelEvent[] = [];
    for (let at: string | null = id; at !== null; at = this.event(at).parent) path.unshift(this.event(at));
    return path;
  }

  isAncestor(ancestor: string, descendant: string): boolean {
    return ancestor !== descendant && this.path(descendant).some(({ id }) => id === ancestor);
  }

  /** The roster after the event. */
  rosterAfter(id: string): ModelRoster {
    const roster = new Map<string, ModelMember>();
    for (const event of this.path(id)) {
      if (event.action.kind === 'genesis') roster.set(event.id, { person: FOUNDER, role: 'admin' });
      if (event.action.kind === 'add') roster.set(event.id, { person: event.action.person, role: event.action.role });
      if (event.action.kind === 'kick') roster.delete(event.action.target);
    }
    return roster;
  }

  /** Whether the member instance was added as an admin. */
  isAdmin(mid: string): boolean {
    const { action } = this.event(mid);
    return action.kind === 'genesis' || (action.kind === 'add' && action.role === 'admin');
  }

  /** Whether the member instance `a` outranks `b`: admins before members, then by (epoch, id) of their adding event. */
  outranks(a: string, b: string): boolean {
    if (!this.isAdmin(a)) return false;
    if (!this.isAdmin(b)) return true;
    return this.compareRank(a, b) < 0;
  }

  /** Orders admins, the most senior first. */
  compareRank(a: string, b: string): number {
    return this.event(a).epoch - this.event(b).epoch || (a < b ? -1 : a > b ? 1 : 0);
  }

  /** Whether an event keeps the rules, its parent being known and valid. */
  isValid(event: ModelEvent): boolean {
    if (event.parent === null) return event.action.kind === 'genesis';
    const parent = this.#events.get(event.parent);
    if (parent === undefined || event.epoch !== parent.epoch + 1) return false;
    const roster = this.rosterAfter(parent.id);
    if (roster.get(event.actor)?.role !== 'admin') return false;
    if (event.action.kind === 'add') {
      const { person } = event.action;
      return ![...roster.values()].some((member) => member.person === person);
    }
    if (event.action.kind === 'kick') {
      return roster.has(event.action.target) && this.outranks(event.actor, event.action.target);
    }
    return event.action.kind === 'rotate';
  }
}

/** The valid events among any: those whose ancestors are all there and valid as well. */
export function validHistory(events: readonly ModelEvent[]): ModelHistory {
  const valid: ModelEvent[] = [];
  for (const event of [...events].sort((a, b) => a.epoch - b.epoch)) {
    if (new ModelHistory(valid).isValid(event)) valid.push(event);
  }
  return new ModelHistory(valid);
}

/** The head of a history of valid events: DESIGN's rule, line by line. */
export function modelHead(history: ModelHistory): string {
  const genesis = history.events().find(({ parent }) => parent === null);
  if (genesis === undefined) throw new Error('a history begins with genesis');
  let tip = genesis.id;
  let chosen = new Set([genesis.id]);
  const kicks: { id: string; target: string }[] = [];

  const hit = (x: ModelEvent) =>
    kicks.some(
      (kick) => kick.target === x.actor && !history.isAncestor(kick.id, x.id) && !history.isAncestor(x.id, kick.id),
    );
  const ok = (e: ModelEvent) => history.path(e.id).every((x) => chosen.has(x.id) || !hit(x));

  const actors = [...new Set(history.events().map(({ actor }) => actor))];
  for (const actor of actors.sort((a, b) => history.compareRank(a, b))) {
    const good = history.events().filter((e) => e.actor === actor && ok(e));
    for (const { id, action } of good) if (action.kind === 'kick') kicks.push({ id, target: action.target });
    good.sort((a, b) => b.epoch - a.epoch || (a.id < b.id ? -1 : 1));
    for (const e of good) {
      if (history.isAncestor(tip, e.id) && ok(e)) {
        tip = e.id;
        chosen = new Set(history.path(e.id).map(({ id }) => id));
      }
    }
  }
  return tip;
}
