/**
 * `backup` and `recover`: a second copy of the database, and the way back from it.
 *
 * @module
 */
import { Command } from 'commander';
import { type ExaminedFile, type Recovery, recoverDatabase } from '../../index.js';
import { CommandCall } from '../command-call.js';
import type { CommandIo } from '../command-io.js';
import { CommandFailure } from '../failure.js';
import { displayText, type Style } from '../format.js';
import { helpSections } from '../help.js';
import { formatFields } from '../table.js';

interface BackupOptions {
  readonly replace?: boolean;
}

/** `backup FILE [--replace]`. */
export function backupCommand(io: CommandIo): Command {
  return new Command('backup')
    .summary('write a copy of the database to a file')
    .description('Writes a copy of the database to another file: all of it or nothing, whoever uses it meanwhile.')
    .argument('<file>', 'the file to make')
    .option('--replace', 'replace FILE if it is an older backup')
    .addHelpText(
      'after',
      helpSections({
        notes: [
          'The copy holds the private keys: sealed where the database has a passphrase, which the copy then needs as well, and else in the clear: keep it where nobody can read it.',
        ],
        examples: [
          ['arborist mesh backup /media/stick/mesh.db', 'a new file'],
          ['arborist mesh backup --replace nightly.db', 'the same file each time'],
        ],
        json: { file: 'path of the copy' },
      }),
    )
    .action(async (file: string, { replace = false }: BackupOptions, command: Command) => {
      const call = new CommandCall(io, command);
      await call.withDatabase('read', (db) => db.backup(file, { replace }));
      await call.answer({ file }, () => [`The database was copied to ${displayText(file)}.`]);
    });
}

interface RecoverOptions {
  readonly from?: string;
  readonly yes?: boolean;
}

/** `recover [--from FILE] [--yes]`. */
export function recoverCommand(io: CommandIo): Command {
  return new Command('recover')
    .summary('replace a damaged database by a good one')
    .description(
      'Says whether the database is damaged and what can take its place; with --yes, puts it there. What stood there is kept under another name.',
    )
    .option('--from <file>', 'a backup to take, even if the database is good')
    .option('--yes', 'do it')
    .addHelpText(
      'after',
      helpSections({
        notes: [
          'Without --from, the state before the last change is taken, which is kept beside the database under its name and .bak.',
          'What was done after that state is lost here. What others have, events and messages, can be taken in again.',
        ],
        examples: [
          ['arborist mesh recover', 'what it would do'],
          ['arborist mesh recover --yes', 'do it'],
          ['arborist mesh recover --from nightly.db --yes', 'go back to a backup'],
        ],
        json: {
          file: 'the database: path, state (good, damaged or missing), problem (what is wrong, else null), size in bytes',
          source: 'what can take its place, in the same way',
          action: 'none (the database is good), replace, or impossible',
          done: 'whether it was replaced',
          kept: 'where what stood there is kept since, else null',
        },
      }),
    )
    .action(async ({ from, yes = false }: RecoverOptions, command: Command) => {
      const call = new CommandCall(io, command);
      const recovery = await recoverDatabase(call.databaseFile, {
        dryRun: !yes,
        ...(from === undefined ? {} : { from }),
      });
      await call.answer(recoveryDocument(recovery), () => recoveryLines(recovery, call.style));
      if (recovery.action === 'impossible') {
        throw new CommandFailure(
          'nothing-to-recover-from',
          'there is no good image to recover from',
          'name a backup with --from FILE',
        );
      }
    });
}

function recoveryDocument({ file, source, action, done, kept }: Recovery): Readonly<Record<keyof Recovery, unknown>> {
  return { file: fileDocument(file), source: fileDocument(source), action, done, kept };
}

function fileDocument({ path, state, problem, size }: ExaminedFile): Readonly<Record<keyof ExaminedFile, unknown>> {
  return { path, state, problem, size };
}

function recoveryLines({ file, source, action, done, kept }: Recovery, style: Style): string[] {
  const doing = {
    none: 'Nothing needs to be done.',
    impossible: 'Nothing can be done with this source.',
    replace: done ? 'The source has taken its place.' : 'With --yes the source takes its place.',
  };
  const fields = formatFields(
    [
      ['Database', stateLine(file, style)],
      ['Source', stateLine(source, style)],
      ['Kept as', kept === null ? null : displayText(kept)],
    ],
    style,
  );
  return [...fields, doing[action]];
}

function stateLine({ path, state, problem, size }: ExaminedFile, style: Style): string {
  if (state === 'missing') return `${style.bad('missing')} ${displayText(path)}`;
  if (problem !== null) return style.bad(displayText(problem));
  return `${style.good('good')} ${displayText(path)} (${size} bytes)`;
}
