/**
 * `events` and `apply`: what one member knows of the history, and how another takes it in.
 *
 * @module
 */
import { Command } from 'commander';
import { base64urlEncode } from '../../codec/base64url.js';
import {
  applyEvents,
  applyFault,
  currentEpoch,
  type EventResult,
  eventsSince,
  type MeshDatabase,
} from '../../index.js';
import { readBytesListArgument } from '../bytes-argument.js';
import { type OutOptions, outOption, produce } from '../bytes-output.js';
import { CommandCall } from '../command-call.js';
import type { CommandIo } from '../command-io.js';
import { CommandFailure } from '../failure.js';
import { count, displayText, type Style, shortId } from '../format.js';
import { bytesArgumentNote, helpSections } from '../help.js';
import { parseEventIds } from '../option-values.js';
import { formatTable } from '../table.js';
import { isFrame } from './frame-or-bundle.js';

interface EventsOptions extends OutOptions {
  readonly since?: readonly Uint8Array[];
}

/** `events [--since ID…] [--out FILE]`. */
export function eventsCommand(io: CommandIo): Command {
  return new Command('events')
    .summary("print the history for another member's `apply`")
    .description(
      'Prints the bundles of the history, parents first, one a line. Another member takes them in with `apply`.',
    )
    .option('--since <id>', 'only what somebody who knows this event lacks; may be repeated', parseEventIds)
    .addOption(outOption('write the lines to FILE (- for standard output)'))
    .addHelpText(
      'after',
      helpSections({
        notes: [
          'The other member finds the id for --since in the field `head` of `arborist mesh status --json`. Sending too much does no harm.',
        ],
        examples: [
          ['arborist mesh events > events.txt', 'they run: mesh apply events.txt'],
          ['arborist mesh events --since ID', 'only what is new to them'],
        ],
        json: { bundles: 'the bundles, an array of base64url' },
      }),
    )
    .action(async ({ since, ...out }: EventsOptions, command: Command) => {
      const call = new CommandCall(io, command);
      await produce(call, out, async () => {
        const bundles = await call.withDatabase('read', (db) => eventsSince(db, since === undefined ? [] : [...since]));
        const lines = new TextEncoder().encode(bundles.map((bundle) => `${base64urlEncode(bundle)}\n`).join(''));
        return { bytes: lines, plain: lines, document: { bundles }, remarks: [count(bundles.length, 'event')] };
      });
    });
}

/** `apply [BUNDLE…]`. */
export function applyCommand(io: CommandIo): Command {
  return new Command('apply')
    .summary('take in events that another member printed')
    .description(
      'Takes in what `events`, `kick`, `rotate`, `replay` or `faults` of another member printed, in any order.',
    )
    .argument('[bundle...]', 'bundles (default: -)')
    .addHelpText(
      'after',
      helpSections({
        notes: [
          bytesArgumentNote('BUNDLE'),
          'Text may hold several bundles, one a line. An event whose parent is unknown waits for it. If an event is refused the others count all the same, and the exit code is 1.',
        ],
        examples: [
          ['arborist mesh apply events.txt', 'from a file'],
          ['arborist mesh apply kick.txt rotate.txt', 'several files'],
          ['arborist mesh events --db ada.db | arborist mesh apply', 'from a database'],
        ],
        json: {
          results:
            'one for each bundle: eventId, outcome (applied, duplicate, orphaned, refused), for a refused one rule and reason, envelope (stored, refused) where it had a new one',
          adopted: 'the same for events that had waited and wait no longer',
          headBefore: 'id of the head event before, base64url',
          headAfter: 'id of the head event now, base64url',
          epoch: 'number of the epoch now',
          reorganized: 'epochs that another branch has replaced',
          faults: 'number of reports taken in',
        },
      }),
    )
    .action(async (arguments_: string[], _options: object, command: Command) => {
      const call = new CommandCall(io, command);
      const received = await readBundles(call, arguments_.length === 0 ? ['-'] : arguments_);
      const { results, adopted, headBefore, headAfter, epoch, reorganized, faults } = await call.withDatabase(
        'write',
        (db) => take(db, received),
      );
      const document = {
        results: results.map(describeResult),
        adopted: adopted.map(describeResult),
        headBefore,
        headAfter,
        epoch,
        reorganized,
        faults,
      };
      const all = [...results, ...adopted];
      await call.answer(document, () => [
        ...resultLines(all, call.style),
        `${countOutcomes(all, faults)}; epoch ${epoch}`,
      ]);
      const refused = all.filter(isRefused).length;
      if (refused > 0) throw new CommandFailure('events-refused', `${count(refused, 'event')} refused`);
    });
}

async function readBundles(call: CommandCall, arguments_: readonly string[]): Promise<Uint8Array[]> {
  if (arguments_.filter((argument) => argument === '-').length > 1) {
    call.wrongUsage('standard input (-) can be read only once');
  }
  const bundles: Uint8Array[] = [];
  for (const argument of arguments_) bundles.push(...(await readBytesListArgument(call.io, 'BUNDLE', argument)));
  return bundles;
}

/** Events first: a fault is about one of them. */
function take(db: MeshDatabase, received: readonly Uint8Array[]) {
  const faults = received.filter(isFrame);
  return db.transaction(() => {
    const applied = applyEvents(
      db,
      received.filter((bytes) => !isFrame(bytes)),
    );
    for (const fault of faults) applyFault(db, fault);
    return { ...applied, epoch: currentEpoch(db), faults: faults.length };
  });
}

function describeResult({ eventId, outcome, rule, reason, envelope }: EventResult): object {
  return { eventId, outcome, rule, reason, envelope };
}

/** An event may be good and its envelope not: then this peer lacks the epoch's secret. */
function isRefused({ outcome, envelope }: EventResult): boolean {
  return outcome === 'refused' || envelope === 'refused';
}

/** A table of what is new or wrong. */
function resultLines(results: readonly EventResult[], style: Style): string[] {
  const rows = results
    .filter((result) => result.outcome !== 'duplicate' || isRefused(result))
    .map((result) => [
      result.eventId === null ? '-' : shortId(result.eventId),
      isRefused(result) ? style.bad(outcomeText(result)) : outcomeText(result),
      displayText(result.reason ?? ''),
    ]);
  return rows.length === 0 ? [] : formatTable(['EVENT', 'OUTCOME', ''], rows, style);
}

function outcomeText({ outcome, envelope }: EventResult): string {
  return envelope === 'refused' && outcome !== 'refused' ? `${outcome}, envelope refused` : outcome;
}

/** `2 applied, 5 duplicate, 1 report`. */
function countOutcomes(results: readonly EventResult[], faults: number): string {
  const amounts = (['applied', 'duplicate', 'orphaned', 'refused'] as const).map((wanted) => {
    const amount = results.filter(({ outcome }) => outcome === wanted).length;
    return amount === 0 ? [] : [`${amount} ${wanted}`];
  });
  return [...amounts.flat(), ...(faults === 0 ? [] : [count(faults, 'report')])].join(', ') || 'no events';
}
