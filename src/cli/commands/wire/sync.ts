/**
 * `sync`: gets in step with other peers, once.
 *
 * @module
 */
import { Command } from 'commander';
import { type MeshDatabase, MeshError } from '../../../index.js';
import { type PeerAddress, type SyncReport, syncWith } from '../../../wire/index.js';
import { CommandCall } from '../../command-call.js';
import type { CommandIo } from '../../command-io.js';
import { CommandFailure } from '../../failure.js';
import { count, displayText } from '../../format.js';
import { helpSections } from '../../help.js';
import { peersToCall } from './known-peers.js';
import { parsePin } from './pin.js';

interface SyncCommandOptions {
  readonly pin?: Uint8Array;
}

interface Outcome {
  readonly url: string;
  readonly report: SyncReport | null;
  readonly error: MeshError | null;
}

/** `sync [PEER…] [--pin PIN]`. */
export function syncCommand(io: CommandIo): Command {
  return new Command('sync')
    .summary('get in step with other peers, once')
    .description('Takes in what other peers have, and hands over what they lack.')
    .argument('[peer...]', 'URLs (default: all peers that are known)')
    .option('--pin <pin>', 'SHA-256 of the certificate to expect', parsePin)
    .addHelpText(
      'after',
      helpSections({
        notes: ['What has come before a failure is kept. If a peer cannot be reached the exit code is 1.'],
        examples: [
          ['arborist mesh sync', 'with every peer'],
          ['arborist mesh sync https://oak.example:4433', 'with one'],
        ],
        json: {
          peers:
            'one for each: url, memberId, received (events, messages, faults), delivered, refused, exchanges, bytesSent, bytesReceived; or url and error (code, message)',
        },
      }),
    )
    .action(async (urls: string[], { pin }: SyncCommandOptions, command: Command) => {
      const call = new CommandCall(io, command);
      const signal = io.interruption();
      const outcomes = await call.withDatabase('write', (db) => syncAll(db, peersToCall(db, urls, pin), signal));
      await call.answer({ peers: outcomes.map(describe) }, () => outcomes.map(line));
      const failed = outcomes.filter(({ error }) => error !== null).length;
      if (failed > 0)
        throw new CommandFailure('sync-failed', `${count(failed, 'peer')} could not be synchronized with`);
    });
}

async function syncAll(db: MeshDatabase, peers: readonly PeerAddress[], signal: AbortSignal): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const peer of peers) {
    try {
      outcomes.push({ url: peer.url, report: await syncWith(db, peer, { signal }), error: null });
    } catch (error) {
      if (!(error instanceof MeshError) || error.code === 'invalid-input') throw error;
      outcomes.push({ url: peer.url, report: null, error });
    }
  }
  return outcomes;
}

function describe({ url, report, error }: Outcome): object {
  if (report === null) return { url, error: { code: error?.code, message: error?.message } };
  const { memberId, received, delivered, refused, exchanges, bytesSent, bytesReceived } = report;
  return { url, memberId, received, delivered, refused, exchanges, bytesSent, bytesReceived };
}

function line({ url, report, error }: Outcome): string {
  if (report === null) return `${url}: ${displayText(error?.message ?? '')}`;
  const { received, delivered, refused } = report;
  const came = `${count(received.events, 'event')}, ${count(received.messages, 'message')} received`;
  const odd = refused.length === 0 ? '' : `, ${refused.length} refused`;
  return `${url} (${displayText(report.memberId)}): ${came}, ${delivered} delivered${odd}`;
}
