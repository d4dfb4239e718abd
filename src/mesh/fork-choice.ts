/**
 * The choice of the head: a pure function of the set of valid events, so that the order of their delivery cannot matter.
 * The branch on which the most senior admin acted wins; what a kicked admin signed without having seen the kick is void.
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

/** An event in the tree. `enter` and `leave` number a walk through it: an ancestor's span encloses its descendants'. */
interface TreeNode<E> {
  readonly event: E;
  readonly parent: TreeNode<E> | null;
  readonly children: TreeNode<E>[];
  readonly actor: string;
  readonly target: string | null;
  enter: number;
  leave: number;
  onChosenPath: boolean;
}

function isAncestorOrSelf<E>(a: TreeNode<E>, b: TreeNode<E>): boolean {
  return a.enter <= b.enter && b.leave <= a.leave;
}

function plant<E extends ForkChoiceEvent>(events: readonly E[]): TreeNode<E>[] {
  const nodes = new Map<string, TreeNode<E>>();
  for (const event of events) {
    const parent = event.parent === null ? null : (nodes.get(byteKey(event.parent)) ?? null);
    const node: TreeNode<E> = {
      event,
      parent,
      children: [],
      actor: byteKey(event.actor),
      target: event.target === null ? null : byteKey(event.target),
      enter: 0,
      leave: 0,
      onChosenPath: event.parent === null,
    };
    parent?.children.push(node);
    nodes.set(byteKey(event.id), node);
  }
  return [...nodes.values()];
}

/** Numbers a walk from the root, with a stack of its own: a history may be deeper than the program's. */
function numberSpans<E>(root: TreeNode<E>): void {
  let counter = 0;
  const stack: { readonly node: TreeNode<E>; next: number }[] = [{ node: root, next: 0 }];
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

/** The events e for which every event on e's path that is not on the chosen path is not hit by a kick. */
function notHit<E>(nodes: readonly TreeNode<E>[], kicks: readonly TreeNode<E>[]): Set<TreeNode<E>> {
  const kicksOf = new Map<string | null, TreeNode<E>[]>();
  for (const kick of kicks) kicksOf.set(kick.target, [...(kicksOf.get(kick.target) ?? []), kick]);
  const isHit = (node: TreeNode<E>) =>
    (kicksOf.get(node.actor) ?? []).some((kick) => !isAncestorOrSelf(kick, node) && !isAncestorOrSelf(node, kick));
  const ok = new Set<TreeNode<E>>();
  for (const node of nodes) {
    if (node.onChosenPath || ((node.parent === null || ok.has(node.parent)) && !isHit(node))) ok.add(node);
  }
  return ok;
}

function byActorSeniority<E extends ForkChoiceEvent>(nodes: readonly TreeNode<E>[]): TreeNode<E>[][] {
  const byId = new Map(nodes.map((node) => [byteKey(node.event.id), node]));
  const eventsOf = new Map<string, TreeNode<E>[]>();
  for (const node of nodes) {
    const events = eventsOf.get(node.actor);
    if (events === undefined) eventsOf.set(node.actor, [node]);
    else events.push(node);
  }
  const place = (actor: string) => {
    const added = (byId.get(actor) as TreeNode<E>).event;
    return { sinceEpoch: added.epoch, mid: added.id };
  };
  return [...eventsOf.keys()]
    .sort((a, b) => compareSeniority(place(a), place(b)))
    .map((actor) => eventsOf.get(actor) as TreeNode<E>[]);
}

/** The chosen head, and the kicks that counted. */
export interface ForkChoice<E> {
  readonly head: E;
  readonly standingKicks: readonly E[];
}

/**
 * Chooses the head among all valid events.
 *
 * @param events valid events, genesis first and every parent before its children
 */
export function chooseHead<E extends ForkChoiceEvent>(events: readonly E[]): ForkChoice<E> {
  const nodes = plant(events);
  const root = nodes[0] as TreeNode<E>;
  numberSpans(root);
  let tip = root;
  const kicks: TreeNode<E>[] = [];
  for (const own of byActorSeniority(nodes)) {
    const before = notHit(nodes, kicks);
    const good = own.filter((node) => before.has(node));
    kicks.push(...good.filter(({ target }) => target !== null));
    const ok = notHit(nodes, kicks);
    // Of several, the highest epoch, then the lowest id. One is enough: none of the others can lie above it.
    const [best] = good
      .filter((node) => ok.has(node) && isAncestorOrSelf(tip, node))
      .sort((a, b) => b.event.epoch - a.event.epoch || compareBytes(a.event.id, b.event.id));
    if (best === undefined) continue;
    tip = best;
    for (let node: TreeNode<E> | null = best; node !== null && !node.onChosenPath; node = node.parent) {
      node.onChosenPath = true;
    }
  }
  return { head: tip.event, standingKicks: kicks.map(({ event }) => event) };
}
