/**
 * `conflicts`: members who signed two statements that contradict each other, with both as proof.
 *
 * @module
 */
import { Command } from 'commander';
import { type Conflict, conflicts } from '../../index.js';
import { CommandCall } from '../command-call.js';
import type { CommandIo } from '../command-io.js';
import { displayText, type Style, shortId } from '../format.js';
import { helpSections } from '../help.js';
import { formatTable } from '../table.js';

/** `conflicts`. */
export function conflictsCommand(io: CommandIo): Command {
  return new Command('conflicts')
    .summary('list contradictions between signed statements of one member')
    .description('Lists members who signed two events on one parent, or two messages at one position of a stream.')
    .addHelpText(
      'after',
      helpSections({
        notes: [
          'Nobody is kicked for it automatically: a database restored from an old backup does the same without any ill intent. Ask the member.',
        ],
        examples: [
          ['arborist mesh conflicts', 'who, and of what kind'],
          ['arborist mesh conflicts --json', 'with the frames as proof'],
        ],
        json: {
          conflicts:
            'for each kind (event or gossip), memberId, mid (id of the membership), frames (the two signed frames); bytes as base64url',
        },
      }),
    )
    .action(async (_options: object, command: Command) => {
      const call = new CommandCall(io, command);
      const found = await call.withDatabase('read', conflicts);
      const document = { conflicts: found.map(({ kind, memberId, mid, frames }) => ({ kind, memberId, mid, frames })) };
      await call.answer(document, () => conflictLines(found, call.style));
    });
}

function conflictLines(found: readonly Conflict[], style: Style): string[] {
  if (found.length === 0) return ['No contradictions.'];
  const what = { event: 'two events on one parent', gossip: 'two messages at one position' };
  const rows = found.map(({ kind, memberId, mid }) => [displayText(memberId), shortId(mid), what[kind]]);
  return formatTable(['MEMBER', 'MEMBERSHIP', 'SIGNED'], rows, style);
}
