/**
 * `invite`: lets somebody ask to join.
 *
 * @module
 */
import { Command } from 'commander';
import { base64urlDecode } from '../../codec/base64url.js';
import { createInvite } from '../../index.js';
import { type OutOptions, outOption, produce } from '../bytes-output.js';
import { CommandCall } from '../command-call.js';
import type { CommandIo } from '../command-io.js';
import { formatTime } from '../format.js';
import { helpSections } from '../help.js';
import { parseDuration } from '../option-values.js';

interface InviteOptions extends OutOptions {
  readonly expires?: number;
}

/** `invite [--expires DURATION] [--out FILE]`. */
export function inviteCommand(io: CommandIo): Command {
  return new Command('invite')
    .summary('make an invite for one new peer')
    .description('Makes an invite for one new peer and prints it as a line of text. Only admins can.')
    .option('--expires <duration>', 'how long it can be used, as in 30m, 12h, 7d, 2w (default: 7d)', parseDuration)
    .addOption(outOption())
    .addHelpText(
      'after',
      helpSections({
        notes: [
          'The invite holds the secret that lets its bearer ask to join, once. Hand it over in private. Whoever joins must still be added by an admin.',
        ],
        examples: [
          ['arborist mesh invite > invite.txt', 'for a week'],
          ['arborist mesh invite --expires 2h', 'to be pasted into a chat'],
        ],
        json: {
          invite: 'the invite, base64url',
          inviteId: 'its id, base64url',
          expires: 'last second it can be used, seconds since 1970',
        },
      }),
    )
    .action(async ({ expires, ...out }: InviteOptions, command: Command) => {
      const call = new CommandCall(io, command);
      await produce(call, out, async () => {
        const made = await call.withDatabase('write', (db) =>
          createInvite(db, expires === undefined ? {} : { expiresIn: expires }),
        );
        return {
          bytes: base64urlDecode(made.invite),
          document: { invite: made.invite, inviteId: made.inviteId, expires: made.expires },
          remarks: [
            `Good for one peer until ${formatTime(made.expires)}. It holds a secret: hand it over in private.`,
            'They run: arborist mesh join INVITE',
          ],
        };
      });
    });
}
