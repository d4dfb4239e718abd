/**
 * `verify`: checks everything that the database claims.
 *
 * @module
 */
import { Command } from 'commander';
import { type HistoryReport, verifyHistory } from '../../index.js';
import { CommandCall } from '../command-call.js';
import type { CommandIo } from '../command-io.js';
import { CommandFailure } from '../failure.js';
import { count, displayText, type Style, shortId } from '../format.js';
import { helpSections } from '../help.js';
import { formatFields } from '../table.js';

/** `verify`. */
export function verifyCommand(io: CommandIo): Command {
  return new Command('verify')
    .summary('verify the whole history again')
    .description('Verifies the whole history again from the stored bytes alone: signatures, rules, rosters, secrets.')
    .addHelpText(
      'after',
      helpSections({
        notes: [
          'The exit code is 1 if anything is wrong.',
          'Secrets under a passphrase are verified if ARBORIST_PASSPHRASE_FILE names a file with it, and else left out.',
        ],
        examples: [['arborist mesh verify', 'from genesis to head']],
        json: {
          ok: 'whether everything is right',
          groupId: 'id of the group, base64url',
          epochs: 'number of epochs up to the head',
          events: 'number of valid events, those of branches that lost included',
          signatures: 'number of good signatures',
          envelopes: 'number of right envelopes',
          secrets: 'number of right secrets',
          lockedSecrets: 'number of secrets that were left out, since the passphrase was not given',
          messages: 'number of good messages',
          records: 'number of good records',
          problems: 'what is wrong, one line each',
        },
      }),
    )
    .action(async (_options: object, command: Command) => {
      const call = new CommandCall(io, command);
      const report = await call.withDatabase('read', verifyHistory, { secrets: 'wanted' });
      await call.answer(reportDocument(report), () => reportLines(report, call.style));
      if (!report.ok) {
        throw new CommandFailure('history-invalid', `the history does not verify: ${problemCount(report)}`);
      }
    });
}

function reportDocument(report: HistoryReport): Readonly<Record<keyof HistoryReport, unknown>> {
  const { ok, groupId, epochs, events, signatures, envelopes, secrets, lockedSecrets, messages, records, problems } =
    report;
  return { ok, groupId, epochs, events, signatures, envelopes, secrets, lockedSecrets, messages, records, problems };
}

function reportLines(report: HistoryReport, style: Style): string[] {
  const fields = formatFields(
    [
      [
        'Verified',
        report.ok
          ? style.good(report.lockedSecrets === 0 ? 'everything' : 'everything but the secrets')
          : style.bad(problemCount(report)),
      ],
      ['Group', shortId(report.groupId)],
      ['Epochs', String(report.epochs)],
      ['Events', String(report.events)],
      ['Signatures', String(report.signatures)],
      ['Envelopes', String(report.envelopes)],
      ['Secrets', secretsText(report)],
      ['Messages', String(report.messages)],
      ['Records', String(report.records)],
    ],
    style,
  );
  return [...fields, ...report.problems.map((problem) => style.bad(displayText(problem)))];
}

function secretsText({ secrets, lockedSecrets }: HistoryReport): string {
  return lockedSecrets === 0 ? String(secrets) : `${lockedSecrets} not verified: see ARBORIST_PASSPHRASE_FILE`;
}

function problemCount({ problems }: HistoryReport): string {
  return count(problems.length, 'problem');
}
