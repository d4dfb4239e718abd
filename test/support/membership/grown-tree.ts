/**
 * More events on a random tree, by some actors on some parents only: what a kicked admin, its helpers or juniors can add.
 *
 * @module
 */
import { type Attempt, chooseAction, scatter } from './event-tree.js';
import { type ModelEvent, ModelHistory } from './model.js';

/** Whether the actor, an admin after this parent, may act on it. */
export type MayAct = (history: ModelHistory, parent: ModelEvent, actor: string) => boolean;

/** Apart from the places of the events that were there, so that ids differ. */
const FIRST_PLACE = 1_000;

/** The tree and the events that the attempts add to it; an attempt is left out where nobody may act. */
export function grownTree(tree: readonly ModelEvent[], attempts: readonly Attempt[], mayAct: MayAct): ModelEvent[] {
  const events = [...tree];
  attempts.forEach((attempt, index) => {
    const history = new ModelHistory(events);
    const places = events.flatMap((parent) =>
      [...history.rosterAfter(parent.id)]
        .filter(([actor, { role }]) => role === 'admin' && mayAct(history, parent, actor))
        .map(([actor]) => ({ parent, actor })),
    );
    const place = places[(attempt.parent * 7 + attempt.actor) % Math.max(1, places.length)];
    if (place === undefined) return;
    const { parent, actor } = place;
    const action = chooseAction(history, parent.id, actor, attempt);
    const id = scatter(FIRST_PLACE + index, attempt.salt);
    events.push({ id, parent: parent.id, epoch: parent.epoch + 1, actor, action });
  });
  return events;
}
