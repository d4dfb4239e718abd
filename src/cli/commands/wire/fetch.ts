/**
 * `fetch`: the content that a record describes, from other peers.
 *
 * @module
 */
import { Command } from 'commander';
import { recordContent } from '../../../index.js';
import { type FetchedFrom, fetchRecord } from '../../../wire/index.js';
import { type OutOptions, outOption, produce } from '../../bytes-output.js';
import { CommandCall } from '../../command-call.js';
import type { CommandIo } from '../../command-io.js';
import { CommandFailure } from '../../failure.js';
import { count } from '../../format.js';
import { helpSections } from '../../help.js';
import { parseId } from '../../option-values.js';
import { peersToCall } from './known-peers.js';

interface FetchCommandOptions extends OutOptions {
  readonly from?: string[];
}

const NOTHING = new Uint8Array(0);

/** `fetch RECORD [--from URL…] [--out FILE]`. */
export function fetchCommand(io: CommandIo): Command {
  return new Command('fetch')
    .summary('fetch the content that a record describes')
    .description('Fetches the content that a record describes from other peers, chunk by chunk, and checks it.')
    .argument('<record>', 'id of the record', parseId)
    .option('--from <url...>', 'peers to ask (default: all that are known)')
    .addOption(outOption('write the content to FILE (default: standard output)'))
    .addHelpText(
      'after',
      helpSections({
        notes: [
          'Each chunk is checked as it comes, and the whole at the end. Run it again to go on where it broke off.',
        ],
        examples: [['arborist mesh fetch ID --out oak.txt', 'into a file']],
        json: {
          missing: 'number of chunks that nobody had',
          verified: 'whether the content is what the record says; null while chunks are missing',
          peers: 'one for each: url, chunks (how many it sent), error (code) or null',
        },
      }),
    )
    .action(async (recordId: Uint8Array, { from = [], ...out }: FetchCommandOptions, command: Command) => {
      const call = new CommandCall(io, command);
      const signal = io.interruption();
      let missing = 0;
      let verified: boolean | null = null;
      await produce(call, out, async () => {
        const { report, content } = await call.withDatabase('write', async (db) => {
          const done = await fetchRecord(db, recordId, peersToCall(db, from, undefined), { signal });
          return { report: done, content: done.verdict?.verified === true ? recordContent(db, recordId) : NOTHING };
        });
        missing = report.missing;
        verified = report.verdict?.verified ?? null;
        return {
          bytes: content,
          plain: content,
          document: { missing, verified, peers: report.peers.map(describe) },
          remarks: report.peers.map((peer) => `${peer.url}: ${count(peer.chunks, 'chunk')}`),
        };
      });
      if (missing > 0) throw new CommandFailure('incomplete', `${count(missing, 'chunk')} could not be had`);
      if (verified !== true) throw new CommandFailure('false-record', 'the content is not what the record says');
    });
}

function describe({ url, chunks, error }: FetchedFrom): object {
  return { url, chunks, error: error?.code ?? null };
}
