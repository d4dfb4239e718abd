/**
 * `receive`: takes in what other members published.
 *
 * @module
 */
import { Command } from 'commander';
import { type ReceivedGossip, receiveGossip } from '../../index.js';
import { readBytesListArgument } from '../bytes-argument.js';
import { CommandCall } from '../command-call.js';
import type { CommandIo } from '../command-io.js';
import { CommandFailure } from '../failure.js';
import { count, displayText, type Style, shortId } from '../format.js';
import { bytesArgumentNote, helpSections } from '../help.js';
import { formatTable } from '../table.js';

/** `receive [MESSAGE…]`. */
export function receiveCommand(io: CommandIo): Command {
  return new Command('receive')
    .summary('take in the records that another member published')
    .description('Takes in sealed messages, and keeps the records that are among them.')
    .argument('[message...]', 'sealed messages (default: -)')
    .addHelpText(
      'after',
      helpSections({
        notes: [
          bytesArgumentNote('MESSAGE'),
          'Text may hold several messages, one a line. Those that are no records are kept as well; `open` shows what they say. If one is refused the others count all the same, and the exit code is 1.',
        ],
        examples: [
          ['arborist mesh receive messages.txt', 'from a file'],
          ['arborist mesh publish --db ada.db | arborist mesh receive', 'from a database'],
        ],
        json: {
          results:
            'one for each message: msgId, sender, epoch, duplicate; record (null, or recordId, author, uri, documentRoot, leafCount); error (null, or code, message)',
        },
      }),
    )
    .action(async (arguments_: string[], _options: object, command: Command) => {
      const call = new CommandCall(io, command);
      const messages = await readMessages(call, arguments_.length === 0 ? ['-'] : arguments_);
      const results = await call.withDatabase('write', (db) => receiveGossip(db, messages));
      await call.answer({ results: results.map(describe) }, () => resultLines(results, call.style));
      const refused = results.filter((result) => errorOf(result) !== null).length;
      if (refused > 0) throw new CommandFailure('messages-refused', `${count(refused, 'message')} refused`);
    });
}

async function readMessages(call: CommandCall, arguments_: readonly string[]): Promise<Uint8Array[]> {
  if (arguments_.filter((argument) => argument === '-').length > 1) {
    call.wrongUsage('standard input (-) can be read only once');
  }
  const messages: Uint8Array[] = [];
  for (const argument of arguments_) messages.push(...(await readBytesListArgument(call.io, 'MESSAGE', argument)));
  return messages;
}

/** Why the message, or the record in it, was refused. */
function errorOf({ error, refused }: ReceivedGossip) {
  return error ?? refused;
}

function describe(result: ReceivedGossip): object {
  const { message, received } = result;
  const error = errorOf(result);
  return {
    msgId: message?.msgId ?? null,
    sender: message?.sender ?? null,
    epoch: message?.epoch ?? null,
    duplicate: message?.duplicate ?? null,
    record: received === null ? null : describeRecord(received.record),
    error: error === null ? null : { code: error.code, message: error.message },
  };
}

function describeRecord({ recordId, author, uri, documentRoot, leafCount }: Received['record']): object {
  return { recordId, author, uri, documentRoot, leafCount };
}

type Received = NonNullable<ReceivedGossip['received']>;

/** A table of the records that are new, and of what was refused; then how many there were in all. */
function resultLines(results: readonly ReceivedGossip[], style: Style): string[] {
  const rows = results.flatMap((result) => {
    const error = errorOf(result);
    if (error !== null)
      return [['-', displayText(result.message?.sender ?? '-'), '-', style.bad(displayText(error.message))]];
    if (result.received === null || result.received.duplicate) return [];
    const { recordId, author, documentRoot, uri } = result.received.record;
    return [[shortId(recordId), displayText(author), shortId(documentRoot), displayText(uri)]];
  });
  const records = results.filter(({ received }) => received !== null).length;
  return [
    ...(rows.length === 0 ? [] : formatTable(['RECORD', 'AUTHOR', 'ROOT', 'URI'], rows, style)),
    `${count(results.length, 'message')}, ${count(records, 'record')} among them`,
  ];
}
