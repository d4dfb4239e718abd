/**
 * `invite`: lets somebody ask to join.
 *
 * @module
 */
import { Command, Option } from 'commander';
import { equalBytes } from '../../bytes.js';
import { base64urlDecode } from '../../codec/base64url.js';
import { type MeshDatabase, meshStatus, type Role } from '../../index.js';
import { endpoints, inviteWith, servingAt } from '../../wire/index.js';
import { type OutOptions, outOption, produce } from '../bytes-output.js';
import { CommandCall } from '../command-call.js';
import type { CommandIo } from '../command-io.js';
import { formatTime } from '../format.js';
import { helpSections } from '../help.js';
import { parseDuration } from '../option-values.js';
import { parsePin } from './wire/pin.js';
import { viaServer } from './wire/via-server.js';

interface InviteOptions extends OutOptions {
  readonly expires?: number;
  readonly url?: string[];
  readonly pin?: Uint8Array[];
  readonly open?: Role;
}

/** `invite [--expires DURATION] [--url URL…] [--pin PIN…] [--open ROLE] [--out FILE]`. */
export function inviteCommand(io: CommandIo): Command {
  return new Command('invite')
    .summary('make an invite for one new peer')
    .description('Makes an invite for one new peer and prints it as a line of text. Only admins can.')
    .option('--expires <duration>', 'how long it can be used, as in 30m, 12h, 7d, 2w (default: 7d)', parseDuration)
    .option('--url <url...>', 'where this group can be reached (default: as it was told to the group)')
    .option('--pin <pin...>', 'SHA-256 of a certificate there (default: that of this peer)', parsePins)
    .addOption(new Option('--open <role>', 'add whoever answers it, as what').choices(['admin', 'member']))
    .addOption(outOption())
    .addHelpText(
      'after',
      helpSections({
        notes: [
          'The invite holds the secret that lets its bearer ask to join, once. Hand it over in private. Whoever joins must still be added by an admin, but with --open.',
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
    .action(async ({ expires, url, pin, open, ...out }: InviteOptions, command: Command) => {
      const call = new CommandCall(io, command);
      await produce(call, out, async () => {
        const addresses = await call.withDatabase('read', (db) => addressesFor(db, url, pin));
        const args = { expiresIn: expires ?? null, open: open ?? null, ...addresses };
        const made = await viaServer(call, 'invite', args, (db) => inviteWith(db, args));
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

function parsePins(text: string, previous: readonly Uint8Array[] = []): Uint8Array[] {
  return [...previous, parsePin(text)];
}

/** What the user says, else where this peer told the group that it can be reached, else where it is being served. */
function addressesFor(db: MeshDatabase, urls: readonly string[] | undefined, pins: readonly Uint8Array[] | undefined) {
  const mid = meshStatus(db).group?.mid ?? null;
  const told = mid === null ? undefined : endpoints(db).find((endpoint) => equalBytes(endpoint.mid, mid));
  const own = told ?? servingAt(db);
  const ownPins = own?.certPin ? [own.certPin] : [];
  return { urls: urls ?? (told === undefined ? [] : [told.url]), certPins: pins ?? (own === null ? [] : ownPins) };
}
