/**
 * `replay`: doing again what a losing branch did.
 *
 * @module
 */
import { Command } from 'commander';
import { base64urlEncode } from '../../codec/base64url.js';
import { type MembershipChange, type PendingReplay, pendingReplays, replay } from '../../index.js';
import { type OutOptions, outOption, produce } from '../bytes-output.js';
import { CommandCall } from '../command-call.js';
import type { CommandIo } from '../command-io.js';
import { count, displayText, type Style } from '../format.js';
import { helpSections } from '../help.js';
import { formatTable } from '../table.js';
import { lossReasons } from './explain.js';

interface ReplayOptions extends OutOptions {
  readonly list?: true;
}

/** `replay [--list] [--out FILE]`. */
export function replayCommand(io: CommandIo): Command {
  return new Command('replay')
    .summary('do again what this peer did on a branch that lost')
    .description(
      'Does again, on the head, the adds and kicks of this peer that a losing branch took with it, and prints their bundles, one a line.',
    )
    .option('--list', 'only list what waits, of all admins; change nothing')
    .addOption(outOption('write the lines to FILE (- for standard output)'))
    .addHelpText(
      'after',
      helpSections({
        notes: ['What would change nothing any more, or is not allowed any more, is left out.'],
        examples: [
          ['arborist mesh replay --list', 'what was lost, and why'],
          ['arborist mesh replay > replayed.txt', 'for: mesh apply replayed.txt'],
        ],
        json: {
          pending:
            'with --list, for each change eventId, epoch, kind (add or kick), actor, subject, why (branch-lost, actor-kicked, branch-void), decidedBy, own (whether this peer made it); else empty',
          changes: 'for each change made kind, epoch, eventId, bundle; ids and bundles as base64url',
        },
      }),
    )
    .action(async ({ list, ...out }: ReplayOptions, command: Command) => {
      const call = new CommandCall(io, command);
      if (list) {
        const pending = await call.withDatabase('read', pendingReplays);
        await call.answer({ pending: pending.map(pendingDocument), changes: [] }, () =>
          pendingLines(pending, call.style),
        );
        return;
      }
      await produce(call, out, async () => {
        const changes = await call.withDatabase('write', replay);
        const lines = new TextEncoder().encode(changes.map(({ bundle }) => `${base64urlEncode(bundle)}\n`).join(''));
        const document = { pending: [], changes: changes.map(changeDocument) };
        return { bytes: lines, plain: lines, document, remarks: [count(changes.length, 'change')] };
      });
    });
}

function pendingDocument({ eventId, epoch, kind, actor, subject, why, decidedBy, own }: PendingReplay): object {
  return { eventId, epoch, kind, actor, subject, why, decidedBy, own };
}

function changeDocument({ kind, epoch, eventId, bundle }: MembershipChange): object {
  return { kind, epoch, eventId, bundle };
}

function pendingLines(pending: readonly PendingReplay[], style: Style): string[] {
  if (pending.length === 0) return ['Nothing was lost.'];
  const rows = pending.map(({ epoch, kind, actor, subject, why, own }) => [
    String(epoch),
    own ? `${displayText(actor)} (this peer)` : displayText(actor),
    `${kind} ${displayText(subject)}`,
    lossReasons[why],
  ]);
  return formatTable(['EPOCH', 'ADMIN', 'CHANGE', 'LOST BECAUSE'], rows, style);
}
