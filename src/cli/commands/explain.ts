/**
 * `explain`: what an event would do, without doing it.
 *
 * @module
 */
import { Command } from 'commander';
import { encodeCbor } from '../../codec/cbor.js';
import { type EventEffect, type EventExplanation, explainEvent, type LossReason } from '../../index.js';
import { readBytesArgument } from '../bytes-argument.js';
import { CommandCall } from '../command-call.js';
import type { CommandIo } from '../command-io.js';
import { displayText, type Style } from '../format.js';
import { bytesArgumentNote, helpSections } from '../help.js';
import { formatFields } from '../table.js';
import { isFrame } from './frame-or-bundle.js';

/** `explain FRAME`. */
export function explainCommand(io: CommandIo): Command {
  return new Command('explain')
    .summary('say what an event would do, without doing it')
    .description('Says whether an event would be accepted, by which rule it would not, and who would be in or out.')
    .argument('<frame>', 'a bundle, or the frame of an event alone')
    .addHelpText(
      'after',
      helpSections({
        notes: [bytesArgumentNote('FRAME')],
        examples: [
          ['arborist mesh explain kick.txt', 'before: mesh apply kick.txt'],
          ['arborist mesh explain --json kick.txt', 'for a program'],
        ],
        json: {
          eventId: 'id of the event, base64url; null if there is none',
          outcome: 'what apply would answer: applied, duplicate, orphaned, refused',
          rule: 'the rule that a refused event breaks, else null',
          reason: 'why it would be refused, else null',
          effect:
            'null unless valid: kind, epoch, actor, subject, loss (null on the head path, else why and decidedBy), movesHead, gains and loses (names of who would be in or out)',
        },
      }),
    )
    .action(async (argument: string, _options: object, command: Command) => {
      const call = new CommandCall(io, command);
      const bytes = await readBytesArgument(io, 'FRAME', argument);
      const bundle = isFrame(bytes) ? encodeCbor([bytes, null]) : bytes;
      const explanation = await call.withDatabase('read', (db) => explainEvent(db, bundle));
      const { eventId, outcome, rule = null, reason = null, effect } = explanation;
      await call.answer({ eventId, outcome, rule, reason, effect }, () => explanationLines(explanation, call.style));
    });
}

const outcomes: Readonly<Record<EventExplanation['outcome'], string>> = {
  applied: 'it would be accepted',
  duplicate: 'it is known already',
  orphaned: 'it would wait for an event that is not known here',
  refused: 'it would be refused',
};

/** Why an event is not on the head path, in words. */
export const lossReasons: Readonly<Record<LossReason, string>> = {
  'branch-lost': "a more senior admin's branch won",
  'actor-kicked': 'its author was kicked and had not seen the kick',
  'branch-void': 'it builds on an event whose author was kicked',
};

function explanationLines({ outcome, rule, reason, effect }: EventExplanation, style: Style): string[] {
  const verdict = outcome === 'refused' ? style.bad(outcomes[outcome]) : outcomes[outcome];
  return formatFields(
    [
      ['Verdict', verdict],
      ['Rule', rule ?? null],
      ['Reason', reason === undefined ? null : displayText(reason)],
      ...(effect === null ? [] : effectFields(effect)),
    ],
    style,
  );
}

function effectFields({
  kind,
  epoch,
  actor,
  subject,
  loss,
  movesHead,
  gains,
  loses,
}: EventEffect): [string, string | null][] {
  const names = (list: readonly string[]) => (list.length === 0 ? null : list.map(displayText).join(', '));
  return [
    ['Event', `${kind}${subject === null ? '' : ` ${displayText(subject)}`} by ${displayText(actor)}, epoch ${epoch}`],
    ['Head', movesHead ? 'would move' : 'stays'],
    [
      'Lost because',
      loss === null
        ? null
        : `${lossReasons[loss.why]}${loss.decidedBy === null ? '' : `: ${displayText(loss.decidedBy)}`}`,
    ],
    ['In', names(gains)],
    ['Out', names(loses)],
  ];
}
