/**
 * `kick` and `rotate`: the roster changes and everybody who stays gets a new secret; and what those share with `add`.
 *
 * @module
 */
import { Command } from 'commander';
import { kickMember, type MembershipChange, rotateEpoch } from '../../index.js';
import { type OutOptions, outOption, produce } from '../bytes-output.js';
import { CommandCall } from '../command-call.js';
import type { CommandIo } from '../command-io.js';
import { displayText } from '../format.js';
import { helpSections } from '../help.js';
import { viaServer } from './wire/via-server.js';

/** The JSON fields of every change of membership. */
export const changeFields = {
  kind: 'add, kick or rotate',
  epoch: 'number of the new epoch',
  eventId: 'id of the event, base64url',
  bundle: 'what the other members take in with apply, base64url',
} as const;

const bundleNote =
  'The bundle is for the other members, who take it in with `arborist mesh apply`. `arborist mesh events` prints it again whenever it is needed.';

/** `kick MEMBER [--out FILE]`. */
export function kickCommand(io: CommandIo): Command {
  return new Command('kick')
    .summary('remove a member; what follows it cannot read')
    .description(
      'Removes a member in a new epoch with a new secret, which only those who stay receive, and prints the bundle.',
    )
    .argument('<member>', "the member's name, as `arborist mesh roster` shows it")
    .addOption(outOption())
    .addHelpText(
      'after',
      helpSections({
        notes: [
          'Only admins can kick, and only members of lower rank. What the member signed before stays verifiable; what it could read before, it still can.',
          bundleNote,
        ],
        examples: [
          ['arborist mesh kick eve > kick.txt', 'then send kick.txt to the others'],
          ['arborist mesh kick -- -odd-name', 'a name that looks like an option'],
        ],
        json: changeFields,
      }),
    )
    .action((memberId: string, options: OutOptions, command: Command) =>
      produceChange(new CommandCall(io, command), options, `Kicked ${displayText(memberId)}`, 'kick', (call) =>
        viaServer(call, 'kick', { memberId }, (db) => kickMember(db, memberId)),
      ),
    );
}

/** `rotate [--out FILE]`. */
export function rotateCommand(io: CommandIo): Command {
  return new Command('rotate')
    .summary('give the group a new secret')
    .description('Begins a new epoch with a new secret for the same members, and prints the bundle. Only admins can.')
    .addOption(outOption())
    .addHelpText(
      'after',
      helpSections({
        notes: [bundleNote],
        examples: [
          ['arborist mesh rotate > rotate.txt', 'then send rotate.txt to the others'],
          ['arborist mesh rotate --out rotate.bin', 'the same as raw bytes'],
        ],
        json: changeFields,
      }),
    )
    .action((options: OutOptions, command: Command) =>
      produceChange(new CommandCall(io, command), options, 'Rotated the secret', 'rotate', (call) =>
        viaServer(call, 'rotate', {}, rotateEpoch),
      ),
    );
}

async function produceChange(
  call: CommandCall,
  options: OutOptions,
  done: string,
  kind: MembershipChange['kind'],
  work: (call: CommandCall) => Promise<Pick<MembershipChange, 'epoch' | 'eventId' | 'bundle'>>,
): Promise<void> {
  await produce(call, options, async () => {
    const { epoch, eventId, bundle } = await work(call);
    return {
      bytes: bundle,
      document: { kind, epoch, eventId, bundle },
      remarks: [`${done}; epoch ${epoch}.`, 'The other members run: arborist mesh apply BUNDLE'],
    };
  });
}
