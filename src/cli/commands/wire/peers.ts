/**
 * `peers`: where other members can be reached.
 *
 * @module
 */
import { Argument, Command } from 'commander';
import { addPeer, removePeer } from '../../../wire/index.js';
import { CommandCall } from '../../command-call.js';
import type { CommandIo } from '../../command-io.js';
import { CommandFailure } from '../../failure.js';
import { displayText } from '../../format.js';
import { helpSections } from '../../help.js';
import { formatTable } from '../../table.js';
import { type KnownPeer, knownPeers } from './known-peers.js';
import { formatPin, parsePin } from './pin.js';

interface PeersOptions {
  readonly pin?: Uint8Array;
}

/** `peers [add URL --pin PIN | remove URL]`. */
export function peersCommand(io: CommandIo): Command {
  return new Command('peers')
    .summary('list, name or forget the peers that can be reached')
    .description('Lists the peers that can be reached: those that you named, and those whose records tell it.')
    .addArgument(new Argument('[action]', 'what to do first').choices(['add', 'remove']))
    .argument('[url]', 'the peer to add or remove')
    .option('--pin <pin>', 'SHA-256 of the certificate to expect', parsePin)
    .addHelpText(
      'after',
      helpSections({
        notes: ['Without --pin the certificate must be one that this system trusts.'],
        examples: [
          ['arborist mesh peers', 'all of them'],
          ['arborist mesh peers add https://oak.example:4433 --pin PIN', 'one more'],
        ],
        json: {
          peers: 'one for each: url, certPin (base64url or null), memberId (null for those that you named)',
        },
      }),
    )
    .action(
      async (
        action: 'add' | 'remove' | undefined,
        url: string | undefined,
        options: PeersOptions,
        command: Command,
      ) => {
        const call = new CommandCall(io, command);
        if (action !== undefined && url === undefined) call.wrongUsage('a URL is missing');
        const peers = await call.withDatabase(
          action === undefined ? 'read' : 'write',
          (db) => {
            if (action === 'add') addPeer(db, { url: url ?? '', certPin: options.pin ?? null });
            if (action === 'remove' && !removePeer(db, url ?? '')) {
              throw new CommandFailure('unknown-peer', 'no peer with this URL was named', 'see: arborist mesh peers');
            }
            return knownPeers(db);
          },
          { secrets: 'untouched' },
        );
        const document = peers.map(({ url: at, certPin = null, memberId }) => ({ url: at, certPin, memberId }));
        await call.answer({ peers: document }, () => lines(peers, call));
      },
    );
}

function lines(peers: readonly KnownPeer[], { style }: CommandCall): string[] {
  if (peers.length === 0) return ['No peer is known yet.'];
  const rows = peers.map(({ url, certPin, memberId }) => [
    url,
    memberId === null ? 'named by you' : displayText(memberId),
    certPin ? `${formatPin(certPin).slice(0, 16)}…` : '-',
  ]);
  return formatTable(['url', 'member', 'pin'], rows, style);
}
