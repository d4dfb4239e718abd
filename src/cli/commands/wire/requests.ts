/**
 * `requests`, `approve` and `decline`: join requests that came over the wire.
 *
 * @module
 */
import { Command, Option } from 'commander';
import type { Role } from '../../../index.js';
import { approveJoin, declineJoin, pendingJoins } from '../../../wire/index.js';
import { CommandCall } from '../../command-call.js';
import type { CommandIo } from '../../command-io.js';
import { displayText, formatTime } from '../../format.js';
import { helpSections } from '../../help.js';
import { formatTable } from '../../table.js';
import { viaServer } from './via-server.js';

/** `requests`. */
export function requestsCommand(io: CommandIo): Command {
  return new Command('requests')
    .summary('list the join requests that wait for approval')
    .description('Lists the join requests that have come over the wire and wait for approval.')
    .addHelpText(
      'after',
      helpSections({
        notes: ['Compare the fingerprint with the one that the joiner sees, by voice.'],
        examples: [['arborist mesh requests', 'who wants to join']],
        json: {
          requests:
            'one for each: fingerprint, memberId (the name that is wanted), inviteId (base64url), receivedAt (seconds since 1970)',
        },
      }),
    )
    .action(async (_options: object, command: Command) => {
      const call = new CommandCall(io, command);
      const pending = await call.withDatabase('read', pendingJoins);
      const requests = pending.map(({ fingerprint, memberId, inviteId, receivedAt }) => ({
        fingerprint,
        memberId,
        inviteId,
        receivedAt,
      }));
      await call.answer({ requests }, () =>
        requests.length === 0
          ? ['No request waits.']
          : formatTable(
              ['fingerprint', 'wants to be', 'received'],
              requests.map((one) => [one.fingerprint, displayText(one.memberId), formatTime(one.receivedAt)]),
              call.style,
            ),
      );
    });
}

/** `approve FINGERPRINT [--role admin|member]`. */
export function approveCommand(io: CommandIo): Command {
  return new Command('approve')
    .summary('add a peer whose join request waits')
    .description('Adds the peer whose join request waits. It receives its welcome by itself.')
    .argument('<fingerprint>', 'of the request, as `arborist mesh requests` shows it')
    .addOption(new Option('--role <role>', 'what the peer may do').choices(['admin', 'member']).default('member'))
    .addHelpText(
      'after',
      helpSections({
        notes: ['While `arborist mesh serve` runs with this database, that does it.'],
        examples: [['arborist mesh approve 2B6X-7QJM-K0WZ-9RTA', 'as a member']],
        json: {
          epoch: 'number of the new epoch',
          eventId: 'id of the event, base64url',
          memberId: 'name of the new member',
        },
      }),
    )
    .action(async (code: string, { role }: { role: Role }, command: Command) => {
      const call = new CommandCall(io, command);
      const { epoch, eventId, memberId } = await viaServer(call, 'approve', { code, role }, (db) =>
        approveJoin(db, code, { role }),
      );
      await call.answer({ epoch, eventId, memberId }, () => [
        `Added ${displayText(memberId)} as ${role}; epoch ${epoch}.`,
      ]);
    });
}

/** `decline FINGERPRINT`. */
export function declineCommand(io: CommandIo): Command {
  return new Command('decline')
    .summary('drop a join request that waits')
    .description('Drops a join request that waits. Others can still answer its invite.')
    .argument('<fingerprint>', 'of the request, as `arborist mesh requests` shows it')
    .addHelpText(
      'after',
      helpSections({
        notes: [
          'While `arborist mesh serve` runs with this database, the joiner is told and waits no longer. After that ends, it may ask again.',
        ],
        examples: [['arborist mesh decline 2B6X-7QJM-K0WZ-9RTA', 'not a peer that anybody knows']],
        json: { memberId: 'name that was wanted' },
      }),
    )
    .action(async (code: string, _options: object, command: Command) => {
      const call = new CommandCall(io, command);
      const { memberId } = await viaServer(call, 'decline', { code }, (db) => declineJoin(db, code));
      await call.answer({ memberId }, () => [`Declined ${displayText(memberId)}.`]);
    });
}
