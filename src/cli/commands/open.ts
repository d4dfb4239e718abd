/**
 * `open`: checks and decrypts a sealed message.
 *
 * @module
 */
import { Command } from 'commander';
import { type MeshDatabase, type MeshRecord, receiveGossip } from '../../index.js';
import { readBytesArgument } from '../bytes-argument.js';
import { type OutOptions, outOption, produce } from '../bytes-output.js';
import { CommandCall } from '../command-call.js';
import type { CommandIo } from '../command-io.js';
import { count, displayText, type Style, shortId, styleFor } from '../format.js';
import { bytesArgumentNote, helpSections } from '../help.js';
import { formatFields } from '../table.js';

/** `open [MESSAGE|-] [--out FILE]`. */
export function openCommand(io: CommandIo): Command {
  return new Command('open')
    .summary('check and decrypt a sealed message')
    .description('Checks who sealed the message, decrypts it, and writes the payload as it is to standard output.')
    .argument('[message]', 'the sealed message', '-')
    .addOption(outOption('write the payload to FILE'))
    .addHelpText(
      'after',
      helpSections({
        notes: [
          bytesArgumentNote('MESSAGE'),
          'A message that is a record of a document is kept as one: see `arborist records`.',
          'Who sealed it, and when in the history, is told on standard error. On a terminal, characters that could steer it are shown as \\u{…}.',
        ],
        examples: [
          ['arborist mesh open message.txt', 'show it'],
          ['arborist mesh open report.sealed --out report.pdf', 'keep it'],
          ['arborist mesh open - --json < message.txt', 'for a program'],
        ],
        json: {
          msgId: 'id of the message, base64url',
          sender: 'name of the member who sealed it',
          mid: 'id of that membership, base64url',
          epoch: 'number of the epoch it was sealed in',
          eventId: 'id of the event that began the epoch, base64url',
          streamId: "id of the sender's stream, base64url",
          seq: 'position in the stream, from 0 on',
          duplicate: 'whether this database had it already, as receiver or sender',
          payload: 'the payload, base64url',
          record: 'id of the record that the message is, base64url; null if it is none',
        },
      }),
    )
    .action(async (argument: string, options: OutOptions, command: Command) => {
      const call = new CommandCall(io, command);
      const message = await readBytesArgument(io, 'MESSAGE', argument);
      await produce(call, options, async () => {
        const { message: opened, record } = await call.withDatabase('write', (db) => receive(db, message));
        const { msgId, sender, mid, epoch, eventId, streamId, seq, duplicate, payload } = opened;
        const recordId = record?.recordId ?? null;
        return {
          bytes: payload,
          plain: io.stdout.isTerminal ? terminalPayload(payload, record, styleFor(io, io.stdout)) : payload,
          document: { msgId, sender, mid, epoch, eventId, streamId, seq, duplicate, payload, record: recordId },
          remarks: [
            `Sealed by ${displayText(sender)} in epoch ${epoch}${duplicate ? '; known here already' : ''}.`,
            ...(record === null
              ? []
              : [`A record by ${displayText(record.author)} of ${displayText(record.uri)}; kept.`]),
          ],
        };
      });
    });
}

/** Opens the message, and keeps the record that it may be. */
function receive(db: MeshDatabase, bytes: Uint8Array) {
  const [result] = receiveGossip(db, [bytes]);
  if (result?.message == null) throw result?.error;
  if (result.refused !== null) throw result.refused;
  return { message: result.message, record: result.received?.record ?? null };
}

/** A payload comes from somebody else: text for a terminal keeps its line breaks and tabs, and loses its power. */
function terminalPayload(payload: Uint8Array, record: MeshRecord | null, style: Style): Uint8Array {
  const text = record === null ? payloadText(payload) : recordText(record, style);
  return new TextEncoder().encode(text.endsWith('\n') ? text : `${text}\n`);
}

function payloadText(payload: Uint8Array): string {
  const text = new TextDecoder().decode(payload).replaceAll('\r\n', '\n');
  return text.replace(/[^\n\t]+/g, (part) => displayText(part));
}

function recordText(
  { recordId, author, uri, documentRoot, leafCount, contentLength }: MeshRecord,
  style: Style,
): string {
  return formatFields(
    [
      ['Record', shortId(recordId)],
      ['Author', displayText(author)],
      ['URI', displayText(uri)],
      ['Root', shortId(documentRoot)],
      ['Document', `${count(contentLength, 'byte')} in ${count(leafCount, 'chunk')}`],
    ],
    style,
  ).join('\n');
}
