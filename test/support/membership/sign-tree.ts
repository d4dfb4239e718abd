/**
 * Random trees of the model as trees of signed events.
 *
 * @module
 */
import { FOUNDER, type ModelEvent, ModelHistory } from './model.js';
import { type Does, SignedTree } from './signed-tree.js';

/** Signs every event of a tree of the model. Its ids are the names of the signed events, whose own ids are others. */
export function signTree(events: readonly ModelEvent[]): { readonly tree: SignedTree; readonly names: string[] } {
  const history = new ModelHistory(events);
  const nameOf = (mid: string) => {
    const { action } = history.event(mid);
    return action.kind === 'add' ? action.person : FOUNDER;
  };
  const doesOf = (action: Exclude<ModelEvent['action'], { kind: 'genesis' }>): Does => {
    if (action.kind === 'kick') return { kind: 'kick', whom: nameOf(action.target) };
    if (action.kind === 'add') return { kind: 'add', who: action.person, role: action.role };
    return { kind: 'rotate' };
  };
  const tree = new SignedTree(FOUNDER);
  const [genesis, ...others] = events;
  for (const { id, parent, actor, action } of others) {
    if (parent === null || action.kind === 'genesis') throw new Error('genesis comes first, and once');
    tree.sign(id, parent === genesis?.id ? 'genesis' : parent, nameOf(actor), doesOf(action));
  }
  return { tree, names: others.map(({ id }) => id) };
}
