/**
 * `publish`: hands records to the members of this epoch.
 *
 * @module
 */
import { Command } from 'commander';
import { base64urlEncode } from '../../codec/base64url.js';
import { type MeshDatabase, type MeshRecord, publishRecord, records, roster } from '../../index.js';
import { type OutOptions, outOption, produce } from '../bytes-output.js';
import { CommandCall } from '../command-call.js';
import type { CommandIo } from '../command-io.js';
import { CommandFailure } from '../failure.js';
import { count } from '../format.js';
import { helpSections } from '../help.js';

/** `publish RECORD… [--out FILE]`. */
export function publishCommand(io: CommandIo): Command {
  return new Command('publish')
    .summary('seal records for the members of this epoch')
    .description('Seals records for the members of the current epoch, and prints one message a line.')
    .argument('[record...]', 'ids of records, or their first 8 characters or more (default: all not published)')
    .addOption(outOption('write the lines to FILE (- for standard output)'))
    .addHelpText(
      'after',
      helpSections({
        notes: [
          'The ids are those that `arborist records` prints. The others take the messages in with `arborist mesh receive`. A record of another member can be published again for those who joined later.',
        ],
        examples: [
          ['arborist mesh publish > messages.txt', 'all that nobody has yet'],
          ['arborist mesh publish -- nT3aQx0bYk', 'one; ids can begin with a dash'],
        ],
        json: { messages: 'the sealed messages, an array of base64url' },
      }),
    )
    .action(async (ids: string[], out: OutOptions, command: Command) => {
      const call = new CommandCall(io, command);
      await produce(call, out, async () => {
        const messages = await call.withDatabase('write', (db) => publishAll(db, ids));
        const lines = new TextEncoder().encode(messages.map((message) => `${base64urlEncode(message)}\n`).join(''));
        return { bytes: lines, plain: lines, document: { messages }, remarks: [count(messages.length, 'record')] };
      });
    });
}

function publishAll(db: MeshDatabase, ids: readonly string[]): Uint8Array[] {
  const all = records(db);
  const members = new Set(roster(db).map(({ mid }) => base64urlEncode(mid)));
  // What this peer signed before it was kicked and came back, nobody would take.
  const isDue = ({ published, mid }: MeshRecord) => !published && members.has(base64urlEncode(mid));
  const chosen =
    ids.length === 0 ? all.filter(isDue).map(({ recordId }) => recordId) : ids.map((id) => findId(all, id));
  return db.transaction(() => chosen.map((recordId) => publishRecord(db, recordId)));
}

const leastCharacters = 8;

function findId(all: readonly { readonly recordId: Uint8Array }[], text: string): Uint8Array {
  const [found, ...others] =
    text.length < leastCharacters ? [] : all.filter(({ recordId }) => base64urlEncode(recordId).startsWith(text));
  if (found === undefined || others.length > 0) {
    throw new CommandFailure('unknown-record', `no record here, or more than one, has an id that begins with ${text}`);
  }
  return found.recordId;
}
