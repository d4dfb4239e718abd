/**
 * `accept`: completes joining.
 *
 * @module
 */
import { Command } from 'commander';
import { acceptWelcome } from '../../index.js';
import { readBytesArgument } from '../bytes-argument.js';
import { CommandCall } from '../command-call.js';
import type { CommandIo } from '../command-io.js';
import { displayText, shortId } from '../format.js';
import { bytesArgumentNote, helpSections } from '../help.js';

/** `accept WELCOME`. */
export function acceptCommand(io: CommandIo): Command {
  return new Command('accept')
    .summary('take in the welcome and become a member')
    .description(
      "Takes in the welcome that answers this peer's request, checks the history in it, and becomes a member.",
    )
    .argument('<welcome>', 'the welcome')
    .addHelpText(
      'after',
      helpSections({
        notes: [bytesArgumentNote('WELCOME')],
        examples: [
          ['arborist mesh accept welcome.txt', 'from a file'],
          ['arborist mesh accept - < welcome.txt', 'from standard input'],
        ],
        json: {
          groupId: 'id of the group, base64url',
          groupName: 'name of the group',
          epoch: 'number of the epoch this peer joined in',
          mid: 'id of this membership, base64url',
        },
      }),
    )
    .action(async (argument: string, _options: object, command: Command) => {
      const call = new CommandCall(io, command);
      const welcome = await readBytesArgument(io, 'WELCOME', argument);
      const { groupId, groupName, epoch, mid } = await call.withDatabase('write', (db) => acceptWelcome(db, welcome));
      await call.answer({ groupId, groupName, epoch, mid }, () => [
        `Joined ${displayText(groupName)} (${shortId(groupId)}) in epoch ${epoch}.`,
      ]);
      await call.remark('The mesh is off until you run: arborist mesh enable');
    });
}
