/**
 * `open`: checks and decrypts a sealed message.
 *
 * @module
 */
import { Command } from 'commander';
import { openGossip } from '../../index.js';
import { readBytesArgument } from '../bytes-argument.js';
import { type OutOptions, outOption, produce } from '../bytes-output.js';
import { CommandCall } from '../command-call.js';
import type { CommandIo } from '../command-io.js';
import { displayText } from '../format.js';
import { bytesArgumentNote, helpSections } from '../help.js';

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
        },
      }),
    )
    .action(async (argument: string, options: OutOptions, command: Command) => {
      const call = new CommandCall(io, command);
      const message = await readBytesArgument(io, 'MESSAGE', argument);
      await produce(call, options, async () => {
        const { msgId, sender, mid, epoch, eventId, streamId, seq, duplicate, payload } = await call.withDatabase(
          'write',
          (db) => openGossip(db, message),
        );
        return {
          bytes: payload,
          plain: io.stdout.isTerminal ? terminalPayload(payload) : payload,
          document: { msgId, sender, mid, epoch, eventId, streamId, seq, duplicate, payload },
          remarks: [`Sealed by ${displayText(sender)} in epoch ${epoch}${duplicate ? '; known here already' : ''}.`],
        };
      });
    });
}

/** A payload comes from somebody else: text for a terminal keeps its line breaks and tabs, and loses its power. */
function terminalPayload(payload: Uint8Array): Uint8Array {
  const text = new TextDecoder().decode(payload).replaceAll('\r\n', '\n');
  const shown = text.replace(/[^\n\t]+/g, (part) => displayText(part));
  return new TextEncoder().encode(shown.endsWith('\n') ? shown : `${shown}\n`);
}
