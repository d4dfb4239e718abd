/**
 * The choice of the head: a pure function of the set of valid events, so that the order of their delivery cannot matter.
 * The branch on which the most senior admin acted wins; what a kicked admin signed without having seen the kick is void.
 *
 * The rule is in `docs/protocol.md`. Applied as it is written there, one more event costs as much as the whole history.
 * Here the events are split into a **trunk**, which is any path that starts at genesis, and the **branches**, which are all
 * others, and only the branches are looked at one by one. In the database the trunk is the path to the last head. Why
 * that gives the same choice:
 *
 * - Two events of the trunk are ancestor and descendant, so neither hits the other. A hit needs a branch event.
 * - An event's **joint** is the epoch of its last ancestor on the trunk. A trunk event of epoch e is an ancestor of a branch
 *   event with joint j if e ≤ j, and otherwise unrelated to it. So a kick on a branch with joint j hits just those events
 *   of its target on the trunk that have an epoch above j; the first of them not yet chosen is where the trunk is cut,
 *   since nothing above it is ok any more.
 * - The chosen path C follows the trunk up to some epoch and may then leave it for good. It grows through events that are
 *   ok, so the cut always lies above what C has of the trunk; and a hit on an event in C does not count, so C never gets
 *   shorter. A trunk event is therefore ok exactly if its epoch lies below the cut.
 * - Kicks only become more. A branch event that is hit, and all that build on it, stay void: they are marked once.
 *
 * @module
 */
import { compareBytes } from '../bytes.js';
import { byteKey } from './byte-key.js';
import { compareSeniority } from './rank.js';

/** What the choice needs to know of an event. */
export interface ForkChoiceEvent {
  readonly id: Uint8Array;
  readonly parent: Uint8Array | null;
  readonly epoch: number;
  /** The acting admin's `mid`. */
  readonly actor: Uint8Array;
  /** The `mid` that a kick removes; null for other kinds. */
  readonly target: Uint8Array | null;
}

/** Someone who acted, with its place in the order of seniority. */
export interface Actor {
  /** Its `mid`. */
  readonly actor: Uint8Array;
  /** The epoch of the event that added it. */
  readonly sinceEpoch: number;
}

/** An event that is not on the trunk. */
export type BranchEvent = ForkChoiceEvent & Actor;

/** An event of the trunk. */
export interface TrunkEvent {
  readonly id: Uint8Array;
  readonly epoch: number;
  readonly actor: Uint8Array;
}

/** A path that starts at genesis, as the answers to what the choice asks about it. */
export interface Trunk {
  /** Everyone who acted on it; others do no harm. */
  actors(): readonly Actor[];
  /** The actor's last event on it with an epoch below this one. */
  lastBelow(actor: Uint8Array, epoch: number): TrunkEvent | null;
  /** The actor's first event on it with an epoch above this one. */
  firstAbove(actor: Uint8Array, epoch: number): TrunkEvent | null;
  /** The kick on it that removes the member. */
  kickOf(target: Uint8Array): TrunkEvent | null;
}

/** What was chosen. */
export interface ForkChoice<E> {
  /** The head, if it is on a branch; null if it is on the trunk. */
  readonly branchHead: E | null;
  /** The last epoch of the trunk on the way to the head: that of the head itself, if it is on the trunk. */
  readonly trunkEpoch: number;
  /** The kicks on branches that count. */
  readonly standingKicks: ReadonlySet<E>;
  /** Whether a kick on the trunk counts. */
  countsOnTrunk(kick: TrunkEvent): boolean;
  /** What the choice made of each branch event. */
  readonly fates: ReadonlyMap<E, BranchFate>;
}

/** What the choice made of a branch event. */
export interface BranchFate {
  /** The epoch of its last ancestor on the trunk. */
  readonly joint: number;
  /** The id of the kick that had made it void when it was its author's turn; null if it was not. */
  readonly voidedBy: Uint8Array | null;
}

/** A branch event in its tree. `enter` and `leave` number a walk: an ancestor's span encloses its descendants'. */
interface Node<E> {
  readonly event: E;
  readonly parent: Node<E> | null;
  readonly children: Node<E>[];
  /** The epoch of its last ancestor on the trunk. */
  readonly joint: number;
  enter: number;
  leave: number;
  chosen: boolean;
  /** The kick that hits it, or an event of its branch below it. */
  voidedBy: Uint8Array | null;
}

/** An actor's turn: those of its events that are on branches. */
interface Turn<E> extends Actor {
  readonly own: Node<E>[];
}

function isAncestorOrSelf<E>(a: Node<E>, b: Node<E>): boolean {
  return a.enter <= b.enter && b.leave <= a.leave;
}

/** Numbers a walk from each root, with a stack of its own: a branch may be deeper than the program's. */
function numberSpans<E>(roots: readonly Node<E>[]): void {
  let counter = 0;
  for (const root of roots) {
    const stack = [{ node: root, next: 0 }];
    root.enter = counter++;
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const child = top.node.children[top.next++];
      if (child === undefined) {
        top.node.leave = counter++;
        stack.pop();
      } else {
        child.enter = counter++;
        stack.push({ node: child, next: 0 });
      }
    }
  }
}

function plant<E extends BranchEvent>(branches: readonly E[]): Node<E>[] {
  const nodes = new Map<string, Node<E>>();
  for (const event of branches) {
    const parent = event.parent === null ? null : (nodes.get(byteKey(event.parent)) ?? null);
    const joint = parent === null ? event.epoch - 1 : parent.joint;
    const node = { event, parent, children: [], joint, enter: 0, leave: 0, chosen: false, voidedBy: null };
    parent?.children.push(node);
    nodes.set(byteKey(event.id), node);
  }
  return [...nodes.values()];
}

/** Everyone's turn, the most senior first. */
function turnsOf<E extends BranchEvent>(trunk: Trunk, nodes: readonly Node<E>[]): Map<string, Turn<E>> {
  const turns = new Map<string, Turn<E>>();
  const turnOf = ({ actor, sinceEpoch }: Actor) => {
    const key = byteKey(actor);
    const turn = turns.get(key) ?? { actor, sinceEpoch, own: [] };
    turns.set(key, turn);
    return turn;
  };
  for (const actor of trunk.actors()) turnOf(actor);
  for (const node of nodes) turnOf(node.event).own.push(node);
  const place = ({ actor: mid, sinceEpoch }: Actor) => ({ mid, sinceEpoch });
  return new Map([...turns].sort(([, a], [, b]) => compareSeniority(place(a), place(b))));
}

/** The highest epoch first, then the lowest id. */
function compareCandidates(a: Pick<TrunkEvent, 'id' | 'epoch'>, b: Pick<TrunkEvent, 'id' | 'epoch'>): number {
  return b.epoch - a.epoch || compareBytes(a.id, b.id);
}

class Choosing<E extends BranchEvent> implements ForkChoice<E> {
  readonly #trunk: Trunk;
  readonly #turns: ReadonlyMap<string, Turn<E>>;
  /** For each kicker the kicks on the trunk whose targets acted on branches. */
  readonly #trunkKicks = new Map<string, { readonly kick: TrunkEvent; readonly target: Uint8Array }[]>();
  /** Where the trunk was cut when an actor's turn began. */
  readonly #cutAt = new Map<string, number>();
  /** The first trunk event that is hit; those from there on are not ok. */
  #cut: { readonly epoch: number; readonly by: Uint8Array } = {
    epoch: Number.POSITIVE_INFINITY,
    by: new Uint8Array(),
  };
  /** The tip of the chosen path where it has left the trunk. */
  #tip: Node<E> | null = null;
  trunkEpoch = 0;
  readonly standingKicks = new Set<E>();
  readonly fates = new Map<E, BranchFate>();

  constructor(trunk: Trunk, branches: readonly E[]) {
    const nodes = plant(branches);
    numberSpans(nodes.filter(({ parent }) => parent === null));
    this.#trunk = trunk;
    this.#turns = turnsOf(trunk, nodes);
    this.#findTrunkKicks();
    for (const [key, turn] of this.#turns) this.#take(key, turn);
  }

  get branchHead(): E | null {
    return this.#tip?.event ?? null;
  }

  countsOnTrunk({ epoch, actor }: TrunkEvent): boolean {
    return epoch < (this.#cutAt.get(byteKey(actor)) ?? Number.POSITIVE_INFINITY);
  }

  #findTrunkKicks(): void {
    for (const { actor: target, own } of this.#turns.values()) {
      const kick = own.length === 0 ? null : this.#trunk.kickOf(target);
      if (kick === null) continue;
      const kicker = byteKey(kick.actor);
      const kicks = this.#trunkKicks.get(kicker);
      if (kicks === undefined) this.#trunkKicks.set(kicker, [{ kick, target }]);
      else kicks.push({ kick, target });
    }
  }

  #take(key: string, { actor, own }: Turn<E>): void {
    this.#cutAt.set(key, this.#cut.epoch);
    const good = own.filter((node) => this.#isOk(node));
    for (const { kick, target } of this.#trunkKicks.get(key) ?? []) {
      if (this.countsOnTrunk(kick)) this.#hitBranches(target, kick.id, null);
    }
    for (const node of good) if (node.event.target !== null) this.#count(node, node.event.target);
    this.#choose(actor, good);
    for (const node of own) this.fates.set(node.event, { joint: node.joint, voidedBy: this.#voidedBy(node) });
  }

  #voidedBy(node: Node<E>): Uint8Array | null {
    return node.joint < this.#cut.epoch ? node.voidedBy : this.#cut.by;
  }

  #isOk(node: Node<E>): boolean {
    return this.#voidedBy(node) === null;
  }

  /** Lets a good kick on a branch count. */
  #count(kick: Node<E>, target: Uint8Array): void {
    this.standingKicks.add(kick.event);
    const { id } = kick.event;
    const first = this.#trunk.firstAbove(target, Math.max(kick.joint, this.trunkEpoch));
    if (first !== null && first.epoch < this.#cut.epoch) this.#cut = { epoch: first.epoch, by: id };
    this.#hitBranches(target, id, kick);
  }

  /**
   * Voids the target's branch events that are not related to the kick, with all that build on them. None builds on the
   * kick: the target is no member there.
   *
   * @param kick where it is, if on a branch
   */
  #hitBranches(target: Uint8Array, kickId: Uint8Array, kick: Node<E> | null): void {
    for (const node of this.#turns.get(byteKey(target))?.own ?? []) {
      // Most are void after the first kick: looking at that first keeps many kicks of one target cheap.
      const isSpared = node.voidedBy !== null || (kick !== null && isAncestorOrSelf(node, kick));
      const stack = isSpared ? [] : [node];
      for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
        if (next.chosen || next.voidedBy !== null) continue;
        next.voidedBy = kickId;
        stack.push(...next.children);
      }
    }
  }

  #buildsOnTip(node: Node<E>): boolean {
    return this.#tip === null ? node.joint >= this.trunkEpoch : isAncestorOrSelf(this.#tip, node);
  }

  /** Lets the chosen path go on to the best of the actor's events that build on its tip, if there is one. */
  #choose(actor: Uint8Array, good: readonly Node<E>[]): void {
    const [best] = good
      .filter((node) => this.#isOk(node) && this.#buildsOnTip(node))
      .sort((a, b) => compareCandidates(a.event, b.event));
    const last = this.#tip === null ? this.#trunk.lastBelow(actor, this.#cut.epoch) : null;
    const onTrunk = last !== null && last.epoch > this.trunkEpoch ? last : null;
    if (onTrunk !== null && (best === undefined || compareCandidates(onTrunk, best.event) < 0)) {
      this.trunkEpoch = onTrunk.epoch;
    } else if (best !== undefined) {
      this.#tip = best;
      this.trunkEpoch = best.joint;
      for (let node: Node<E> | null = best; node !== null && !node.chosen; node = node.parent) node.chosen = true;
    }
  }
}

/**
 * Chooses the head among the events of a trunk and of branches. The choice does not depend on which path is the trunk.
 *
 * @param branches all valid events that are not on the trunk, parents before their children
 */
export function chooseAmong<E extends BranchEvent>(trunk: Trunk, branches: readonly E[]): ForkChoice<E> {
  return new Choosing(trunk, branches);
}

/** A trunk that is genesis alone. */
function genesisTrunk({ id, epoch, actor }: ForkChoiceEvent): Trunk {
  const genesis = { id, epoch, actor };
  const isFounder = (mid: Uint8Array) => compareBytes(mid, actor) === 0;
  return {
    actors: () => [{ actor, sinceEpoch: 0 }],
    lastBelow: (mid) => (isFounder(mid) ? genesis : null),
    firstAbove: () => null,
    kickOf: () => null,
  };
}

/**
 * Chooses the head among all valid events, each of them looked at.
 *
 * @param events valid events, genesis first and every parent before its children
 * @returns the head, and the kicks that count
 */
export function chooseHead<E extends ForkChoiceEvent>(
  events: readonly E[],
): { readonly head: E; readonly standingKicks: readonly E[] } {
  const [genesis, ...others] = events as readonly [E, ...E[]];
  const epochs = new Map(events.map(({ id, epoch }) => [byteKey(id), epoch]));
  const branches = others.map((event) => {
    const sinceEpoch = epochs.get(byteKey(event.actor)) as number;
    const { id, parent, epoch, actor, target } = event;
    return { id, parent, epoch, actor, target, sinceEpoch, event };
  });
  const { branchHead, standingKicks } = chooseAmong(genesisTrunk(genesis), branches);
  return { head: branchHead?.event ?? genesis, standingKicks: [...standingKicks].map(({ event }) => event) };
}
