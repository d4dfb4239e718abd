/**
 * `prune`: drops old messages and envelopes.
 *
 * @module
 */
import { Command } from 'commander';
import { type Pruned, type PruneOptions, prune } from '../../index.js';
import { CommandCall } from '../command-call.js';
import type { CommandIo } from '../command-io.js';
import { count } from '../format.js';
import { helpSections } from '../help.js';
import { parseCount } from '../option-values.js';

interface PruneCommandOptions extends Omit<PruneOptions, 'dryRun'> {
  readonly yes?: boolean;
}

/** `prune [--messages N] [--message-epochs N] [--envelope-epochs N] [--yes]`. */
export function pruneCommand(io: CommandIo): Command {
  return new Command('prune')
    .summary('drop old messages and envelopes')
    .description('Says how many old messages and envelopes would be dropped; with --yes, drops them.')
    .option('--messages <n>', 'keep the last N messages', parseCount)
    .option('--message-epochs <n>', 'keep the messages of the last N epochs', parseCount)
    .option('--envelope-epochs <n>', 'keep the envelopes of the last N epochs', parseCount)
    .option('--yes', 'do it')
    .addHelpText(
      'after',
      helpSections({
        notes: [
          'The history stays and verifies as before. The last message of each stream stays, and what no option names.',
          'Until the next change the file beside the database, under its name and .bak, still holds what was dropped.',
        ],
        examples: [
          ['arborist mesh prune --messages 10000', 'what would go'],
          ['arborist mesh prune --messages 10000 --yes', 'drop it'],
          ['arborist mesh prune --envelope-epochs 50 --yes', 'old envelopes'],
        ],
        json: {
          messages: 'number of messages',
          messageBytes: 'their size',
          envelopes: 'number of envelopes',
          envelopeBytes: 'their size',
          done: 'whether they were dropped',
        },
      }),
    )
    .action(async ({ yes = false, ...bounds }: PruneCommandOptions, command: Command) => {
      const call = new CommandCall(io, command);
      const pruned = await call.withDatabase(yes ? 'write' : 'read', (db) => prune(db, { ...bounds, dryRun: !yes }), {
        secrets: 'untouched',
      });
      await call.answer({ ...pruned }, () => pruneLines(pruned));
    });
}

function pruneLines({ messages, messageBytes, envelopes, envelopeBytes, done }: Pruned): string[] {
  const what = `${count(messages, 'message')} (${messageBytes} bytes), ${count(envelopes, 'envelope')} (${envelopeBytes} bytes)`;
  return done ? [`Dropped: ${what}.`] : [`Would be dropped: ${what}.`, 'With --yes it is done.'];
}
