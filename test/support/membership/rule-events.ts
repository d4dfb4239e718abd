/**
 * Events of the model as the library's choice of the head takes them.
 *
 * @module
 */
import type { ForkChoiceEvent } from '../../../src/mesh/fork-choice.js';
import type { ModelEvent } from './model.js';

/** The model's ids are hexadecimal texts; as ids of 32 bytes they keep their order. */
function idOf(text: string): Uint8Array {
  const id = new Uint8Array(32);
  for (let i = 0; i < text.length; i += 2) id[i / 2] = Number.parseInt(text.slice(i, i + 2), 16);
  return id;
}

/** An event of the model with its id as bytes, and as the model's text. */
export type RuleEvent = ForkChoiceEvent & { readonly text: string };

/** What the rule needs to know of an event of the model. */
export function ruleEvent({ id, parent, epoch, actor, action }: ModelEvent): RuleEvent {
  return {
    text: id,
    id: idOf(id),
    parent: parent === null ? null : idOf(parent),
    epoch,
    actor: idOf(actor),
    target: action.kind === 'kick' ? idOf(action.target) : null,
  };
}
