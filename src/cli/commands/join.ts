/**
 * `join`: asks to be added to the group of an invite.
 *
 * @module
 */
import { Command } from 'commander';
import { requestJoin } from '../../index.js';
import { readBytesArgument } from '../bytes-argument.js';
import { type OutOptions, outOption, produce } from '../bytes-output.js';
import { CommandCall } from '../command-call.js';
import type { CommandIo } from '../command-io.js';
import { displayText } from '../format.js';
import { bytesArgumentNote, helpSections } from '../help.js';
import { inviteAddresses, joinOnline } from './wire/join-online.js';

interface JoinOptions extends OutOptions {
  readonly offline?: true;
  readonly memberId?: string;
  readonly passphrase?: boolean;
}

/** `join INVITE [--member-id ID] [--out FILE]`. */
export function joinCommand(io: CommandIo): Command {
  return new Command('join')
    .summary("make this peer's identity and ask to join a group")
    .description(
      "Makes this peer's identity and prints a request to join the group of the invite. Send it to the admin who invited.",
    )
    .argument('<invite>', 'the invite')
    .option('--member-id <id>', 'name of this peer in the group (default: made from its key)')
    .option('--passphrase', 'ask for a passphrase to seal the secrets under')
    .option('--offline', 'print the request, also where the invite names a URL')
    .addOption(outOption())
    .addHelpText(
      'after',
      helpSections({
        notes: [
          bytesArgumentNote('INVITE'),
          'Where the invite names a URL, the request is handed in there, and the welcome comes by itself once an admin has approved. It can be interrupted and run again.',
          'The fingerprint on standard error is for the admin to compare with what `arborist mesh add` shows: read it to each other by voice.',
        ],
        examples: [
          ['arborist mesh join invite.txt > request.txt', 'for the admin'],
          ['arborist mesh join - --member-id ben', 'paste the invite, then Ctrl-D'],
        ],
        json: {
          request: 'the join request, base64url',
          memberId: 'name of this peer',
          fingerprint: 'for comparing by voice',
        },
      }),
    )
    .action(
      async (argument: string, { out, passphrase = false, offline, ...options }: JoinOptions, command: Command) => {
        const call = new CommandCall(io, command);
        const invite = await readBytesArgument(io, 'INVITE', argument);
        if (offline !== true && out === undefined && inviteAddresses(invite).length > 0) {
          await joinOnline(call, invite, options, passphrase);
          return;
        }
        await produce(call, out === undefined ? {} : { out }, async () => {
          const made = await call.withDatabase('create', (db) => requestJoin(db, invite, options), {
            newPassphrase: passphrase,
          });
          return {
            bytes: made.request,
            document: { request: made.request, memberId: made.memberId, fingerprint: made.fingerprint },
            remarks: [
              `You are ${displayText(made.memberId)}; the fingerprint of your request is ${made.fingerprint}.`,
              'The admin runs: arborist mesh add REQUEST. Then you run: arborist mesh accept WELCOME',
            ],
          };
        });
      },
    );
}
