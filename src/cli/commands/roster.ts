/**
 * `roster`: who belongs to the group, now or at any epoch since genesis.
 *
 * @module
 */
import { Command } from 'commander';
import { equalBytes } from '../../bytes.js';
import { currentEpoch, loadPublicIdentity, type MeshRosterEntry, roster } from '../../index.js';
import { CommandCall } from '../command-call.js';
import type { CommandIo } from '../command-io.js';
import { noGroup } from '../failure.js';
import { count, displayText, type Style, shortId } from '../format.js';
import { helpSections } from '../help.js';
import { parseEpoch } from '../option-values.js';
import { formatTable } from '../table.js';

/** `roster [--epoch N]`. */
export function rosterCommand(io: CommandIo): Command {
  return new Command('roster')
    .summary('list the members, now or at a past epoch')
    .description('Lists the members of the current epoch, or of any epoch since the group was founded.')
    .option('--epoch <n>', 'the epoch (default: the current one)', parseEpoch)
    .addHelpText(
      'after',
      helpSections({
        examples: [
          ['arborist mesh roster', 'who is in'],
          ['arborist mesh roster --epoch 0', 'who founded the group'],
        ],
        json: {
          epoch: 'number of the epoch',
          members:
            'for each member memberId, mid (id of the membership), signPub, dhPub, role (admin or member), sinceEpoch; keys as base64url',
        },
      }),
    )
    .action(async (options: { readonly epoch?: number }, command: Command) => {
      const call = new CommandCall(io, command);
      const { epoch, entries, ownKey } = await call.withDatabase('read', (db) => ({
        epoch: options.epoch ?? currentEpoch(db),
        entries: roster(db, options.epoch),
        ownKey: loadPublicIdentity(db)?.signPub,
      }));
      if (epoch === null) throw noGroup();
      const members = entries.map(({ memberId, mid, signPub, dhPub, role, sinceEpoch }) => ({
        memberId,
        mid,
        signPub,
        dhPub,
        role,
        sinceEpoch,
      }));
      await call.answer({ epoch, members }, () => rosterLines(entries, ownKey, call.style));
      await call.remark(`${count(entries.length, 'member')} at epoch ${epoch}`);
    });
}

function rosterLines(entries: readonly MeshRosterEntry[], ownKey: Uint8Array | undefined, style: Style): string[] {
  const rows = entries.map(({ memberId, mid, signPub, role, sinceEpoch }) => [
    displayText(memberId),
    role,
    String(sinceEpoch),
    shortId(mid),
    shortId(signPub),
    ownKey !== undefined && equalBytes(ownKey, signPub) ? 'this peer' : '',
  ]);
  return formatTable(['MEMBER', 'ROLE', 'SINCE', 'MEMBERSHIP', 'SIGNING KEY', ''], rows, style);
}
