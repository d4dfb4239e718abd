/**
 * `faults`: the reports that an epoch's secret did not reach a member, for the admins.
 *
 * @module
 */
import { Command } from 'commander';
import { base64urlEncode } from '../../codec/base64url.js';
import { meshStatus } from '../../index.js';
import { type OutOptions, outOption, produce } from '../bytes-output.js';
import { CommandCall } from '../command-call.js';
import type { CommandIo } from '../command-io.js';
import { noGroup } from '../failure.js';
import { count } from '../format.js';
import { helpSections } from '../help.js';

/** `faults [--out FILE]`. */
export function faultsCommand(io: CommandIo): Command {
  return new Command('faults')
    .summary("print reports of a secret that did not arrive, for an admin's `apply`")
    .description(
      'Prints the signed reports that the secret of this epoch did not reach a member, one a line. An admin takes them in with `apply` and answers with `rotate`.',
    )
    .addOption(outOption('write the lines to FILE (- for standard output)'))
    .addHelpText(
      'after',
      helpSections({
        examples: [['arborist mesh faults > faults.txt', 'an admin runs: mesh apply faults.txt']],
        json: { faults: 'for each eventId, memberId (who misses the secret), reason, frame; bytes as base64url' },
      }),
    )
    .action(async (out: OutOptions, command: Command) => {
      const call = new CommandCall(io, command);
      await produce(call, out, async () => {
        const { group } = await call.withDatabase('read', meshStatus);
        if (group === null) throw noGroup();
        const faults = group.faults.map(({ eventId, memberId, reason, frame }) => ({
          eventId,
          memberId,
          reason,
          frame,
        }));
        const lines = new TextEncoder().encode(faults.map(({ frame }) => `${base64urlEncode(frame)}\n`).join(''));
        return { bytes: lines, plain: lines, document: { faults }, remarks: [count(faults.length, 'report')] };
      });
    });
}
