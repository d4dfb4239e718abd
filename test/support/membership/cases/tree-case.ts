/**
 * A small tree of signed events with what must come of it, thought out by hand: the words in which the cases of forks are told.
 *
 * @module
 */
import type { Role } from '../../../../src/index.js';
import { type Does, SignedTree } from '../signed-tree.js';

/** A tree, the order in which its events arrive, and what must be true at the end of any order. */
export interface TreeCase {
  /** A sentence that is true. */
  readonly title: string;
  /** Why it comes out as it does. */
  readonly because: string;
  readonly tree: SignedTree;
  /** The names of the events, in the order of their arrival; without genesis. */
  readonly arrivals: readonly string[];
  /** The name of the head event. */
  readonly head: string;
  /** The roster, admins with a star: `ada* ben`. */
  readonly roster: string;
  /** The events that are refused, with the rule that each one breaks. */
  readonly refused?: Readonly<Record<string, string>>;
  /** The names of those who signed two events on one parent. */
  readonly equivocators?: string;
}

/** Says what an event does. */
export const add = (who: string, role: Role = 'member'): Does => ({ kind: 'add', who, role });
export const kick = (whom: string): Does => ({ kind: 'kick', whom });
export const rotate: Does = { kind: 'rotate' };

/**
 * A group that its founder made, one add after the other; the adds are called after who joins.
 *
 * @param people the founder first; those with a star are admins: `ada* ben* cleo`
 */
export function groupOf(people: string): SignedTree {
  const [founder = '', ...others] = people.split(' ').map((person) => person.replace('*', ''));
  const tree = new SignedTree(founder);
  let last = 'genesis';
  for (const name of others) {
    tree.sign(name, last, founder, add(name, people.includes(`${name}*`) ? 'admin' : 'member'));
    last = name;
  }
  return tree;
}
