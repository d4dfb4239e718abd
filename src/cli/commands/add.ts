/**
 * `add`: makes a peer that asked to join a member.
 *
 * @module
 */
import { Command, Option } from 'commander';
import { addMember } from '../../index.js';
import { readBytesArgument } from '../bytes-argument.js';
import { type OutOptions, outOption, produce } from '../bytes-output.js';
import { CommandCall } from '../command-call.js';
import type { CommandIo } from '../command-io.js';
import { displayText } from '../format.js';
import { bytesArgumentNote, helpSections } from '../help.js';
import { changeFields } from './membership-change.js';

interface AddOptions extends OutOptions {
  readonly role: 'admin' | 'member';
}

/** `add REQUEST [--role admin|member] [--out FILE]`. */
export function addCommand(io: CommandIo): Command {
  return new Command('add')
    .summary('add a peer that asked to join; prints its welcome')
    .description(
      'Adds the peer that made the request, in a new epoch, and prints its welcome. Send it back to that peer.',
    )
    .argument('<request>', 'the join request')
    .addOption(new Option('--role <role>', 'what the peer may do').choices(['admin', 'member']).default('member'))
    .addOption(outOption())
    .addHelpText(
      'after',
      helpSections({
        notes: [
          bytesArgumentNote('REQUEST'),
          'Compare the fingerprint on standard error with the one the peer sees. Only admins can add. The welcome exists only here; what other members need is in `arborist mesh events`.',
        ],
        examples: [
          ['arborist mesh add request.txt > welcome.txt', 'as a member'],
          ['arborist mesh add request.txt --role admin', 'as an admin'],
        ],
        json: {
          ...changeFields,
          welcome: 'the welcome for the new member, base64url',
          memberId: 'name of the new member',
          fingerprint: 'of the request, for comparing by voice',
        },
      }),
    )
    .action(async (argument: string, { role, ...out }: AddOptions, command: Command) => {
      const call = new CommandCall(io, command);
      const request = await readBytesArgument(io, 'REQUEST', argument);
      await produce(call, out, async () => {
        const { kind, epoch, eventId, bundle, welcome, memberId, fingerprint } = await call.withDatabase(
          'write',
          (db) => addMember(db, request, { role }),
        );
        return {
          bytes: welcome,
          document: { kind, epoch, eventId, bundle, welcome, memberId, fingerprint },
          remarks: [
            `Added ${displayText(memberId)} as ${role}; epoch ${epoch}. The fingerprint of the request is ${fingerprint}.`,
            'They run: arborist mesh accept WELCOME',
            'The other members take in what `arborist mesh events` prints, with: arborist mesh apply',
          ],
        };
      });
    });
}
