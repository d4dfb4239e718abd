/**
 * `passphrase`: sets, changes or removes what the secrets in the database are sealed under.
 *
 * @module
 */
import { Argument, Command } from 'commander';
import { changePassphrase, type MeshDatabase } from '../../index.js';
import { CommandCall } from '../command-call.js';
import type { CommandIo } from '../command-io.js';
import { CommandFailure, hintToSet } from '../failure.js';
import { helpSections } from '../help.js';
import { firstPassphrase, newPassphrase } from '../passphrase.js';

type Action = 'set' | 'change' | 'remove';

interface PassphraseOptions {
  readonly newFile?: string;
}

/** `passphrase set|change|remove [--new-file FILE]`. */
export function passphraseCommand(io: CommandIo): Command {
  return new Command('passphrase')
    .summary('set, change or remove the passphrase')
    .description(
      "Sets, changes or removes the passphrase that the private keys, epoch secrets and invites' secrets are sealed under.",
    )
    .addArgument(new Argument('<action>', 'what to do').choices(['set', 'change', 'remove']))
    .option('--new-file <file>', 'read the new passphrase from FILE (default: ask)')
    .addHelpText(
      'after',
      helpSections({
        notes: [
          'A passphrase that is forgotten is gone, and with it every secret of this database: nobody can bring it back.',
          'The present passphrase is asked for, or read from the file that the variable ARBORIST_PASSPHRASE_FILE names, which must be readable by you alone; there it is also where set finds the new one.',
          'Names, rosters and who wrote when stay readable. Backups made before keep the passphrase that they had.',
        ],
        examples: [
          ['arborist mesh passphrase set', 'the first one'],
          ['arborist mesh passphrase change', 'another one, and a fresh key'],
          ['arborist mesh passphrase remove', 'secrets in the clear again'],
        ],
        json: { passphrase: 'whether the database has one now' },
      }),
    )
    .action(async (action: Action, { newFile }: PassphraseOptions, command: Command) => {
      const call = new CommandCall(io, command);
      if (action === 'remove' && newFile !== undefined) call.wrongUsage('remove takes no --new-file');
      const secrets = action === 'set' ? 'untouched' : 'needed';
      await call.withDatabase('write', (db) => act(io, db, action, newFile), { secrets });
      await call.answer({ passphrase: action !== 'remove' }, () => [done[action]]);
    });
}

const done: Readonly<Record<Action, string>> = {
  set: 'The secrets are sealed from now on. Keep the passphrase: without it they are gone.',
  change: 'The secrets are sealed under the new passphrase.',
  remove: 'The secrets are in the clear now: the database file is as secret as they are.',
};

async function act(io: CommandIo, db: MeshDatabase, action: Action, newFile: string | undefined): Promise<void> {
  const hasOne = db.secrets.state !== 'plain';
  if (action === 'set' && hasOne) {
    throw new CommandFailure(
      'passphrase-exists',
      'this database has a passphrase already',
      'change it with: arborist mesh passphrase change',
    );
  }
  if (action !== 'set' && !hasOne) {
    throw new CommandFailure('no-passphrase', 'this database has no passphrase', hintToSet);
  }
  await changePassphrase(db, { to: await chosen(io, action, newFile) });
}

async function chosen(io: CommandIo, action: Action, newFile: string | undefined): Promise<string | null> {
  if (action === 'remove') return null;
  return action === 'set' && newFile === undefined ? firstPassphrase(io) : newPassphrase(io, newFile);
}
