/**
 * `init` makes this peer's identity as the founder of a group; `whoami` shows it. The private keys stay where they are.
 *
 * @module
 */
import { Command } from 'commander';
import { initIdentity, loadPublicIdentity, type PublicIdentity } from '../../index.js';
import { CommandCall } from '../command-call.js';
import type { CommandIo } from '../command-io.js';
import { CommandFailure } from '../failure.js';
import { displayText, formatTime, shortId } from '../format.js';
import { helpSections } from '../help.js';
import { formatFields } from '../table.js';

const identityFields = {
  memberId: 'name of this peer in its group',
  groupName: 'name of the group; empty until a welcome has told it',
  signPub: 'public signing key (Ed25519), base64url',
  dhPub: 'public key for the exchange of secrets (X25519), base64url',
  createdAt: 'when it was made, seconds since 1970',
} as const;

interface InitOptions {
  readonly group: string;
  readonly memberId?: string;
  readonly passphrase?: boolean;
}

/** `init --group NAME [--member-id ID]`. */
export function initCommand(io: CommandIo): Command {
  return new Command('init')
    .summary("make this peer's identity and found a group")
    .description("Makes this peer's identity and founds a group with this peer as its only member, an admin.")
    .requiredOption('--group <name>', 'name of the group, for people')
    .option('--member-id <id>', 'name of this peer in the group (default: made from its key)')
    .option('--passphrase', 'ask for a passphrase to seal the secrets under')
    .addHelpText(
      'after',
      helpSections({
        notes: [
          'The mesh is off until `arborist mesh enable`. The database holds the private keys: its file is made readable by you alone.',
          'With --passphrase, or ARBORIST_PASSPHRASE_FILE, the keys are sealed. What is forgotten is gone: see `arborist mesh passphrase --help`.',
        ],
        examples: [
          ['arborist mesh init --group orchard', 'with a made-up name'],
          ['arborist mesh init --group orchard --member-id ada', 'under a name'],
        ],
        json: identityFields,
      }),
    )
    .action(async ({ group, passphrase = false, ...options }: InitOptions, command: Command) => {
      const call = new CommandCall(io, command);
      const identity = await call.withDatabase('create', (db) => initIdentity(db, { groupName: group, ...options }), {
        newPassphrase: passphrase,
      });
      await answerIdentity(call, identity);
      await call.remark('The mesh is off until you run: arborist mesh enable');
    });
}

/** `whoami`. */
export function whoamiCommand(io: CommandIo): Command {
  return new Command('whoami')
    .summary("show this peer's name and public keys")
    .description("Shows this peer's name and public keys. The private keys are never printed.")
    .addHelpText(
      'after',
      helpSections({
        examples: [
          ['arborist mesh whoami', 'for people'],
          ['arborist mesh whoami --json', 'with the keys in full'],
        ],
        json: identityFields,
      }),
    )
    .action(async (_options: object, command: Command) => {
      const call = new CommandCall(io, command);
      const identity = await call.withDatabase('read', loadPublicIdentity);
      if (identity === null) {
        throw new CommandFailure(
          'no-identity',
          'this database holds no identity',
          'make one with: arborist mesh init, or: arborist mesh join',
        );
      }
      await answerIdentity(call, identity);
    });
}

async function answerIdentity(call: CommandCall, identity: PublicIdentity): Promise<void> {
  const { memberId, groupName, signPub, dhPub, createdAt } = identity;
  await call.answer({ memberId, groupName, signPub, dhPub, createdAt }, () =>
    formatFields(
      [
        ['Member', displayText(memberId)],
        ['Group', groupName === '' ? 'not told yet' : displayText(groupName)],
        ['Signing key', shortId(signPub)],
        ['Exchange key', shortId(dhPub)],
        ['Since', formatTime(createdAt)],
        ['Database', displayText(call.databaseFile)],
      ],
      call.style,
    ),
  );
}
