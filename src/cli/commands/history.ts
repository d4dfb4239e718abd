/**
 * `history`: what has happened in the group.
 *
 * @module
 */
import { Command } from 'commander';
import { type HistoryEvent, history } from '../../index.js';
import { CommandCall } from '../command-call.js';
import type { CommandIo } from '../command-io.js';
import { noGroup } from '../failure.js';
import { displayText, formatTime, type Style, shortId } from '../format.js';
import { helpSections } from '../help.js';
import { drawHistory } from '../history-graph.js';
import { formatTable } from '../table.js';

/** `history`. */
export function historyCommand(io: CommandIo): Command {
  return new Command('history')
    .summary('list what has happened since the group was founded')
    .description('Lists every known event since the group was founded, also those of branches that lost.')
    .option('--graph', 'draw the tree: ★ the head, ● the path to it, ○ branches that lost')
    .addHelpText(
      'after',
      helpSections({
        notes: ['Times are what the clocks of the admins said; the order does not depend on them.'],
        examples: [
          ['arborist mesh history', 'oldest first'],
          ['arborist mesh history --graph', 'where branches parted, and which one won'],
          ['arborist mesh history --json', 'with ids in full, for a program'],
        ],
        json: {
          events:
            'for each event eventId, parent (null for genesis), epoch, kind (genesis, add, kick, rotate), actor (name of the admin), subject (name of whom it adds or kicks), createdAt (seconds since 1970), onHeadPath (false on a branch that lost), hasSecret (whether this peer can open messages of that epoch); ids as base64url',
        },
      }),
    )
    .action(async ({ graph }: { readonly graph?: true }, command: Command) => {
      const call = new CommandCall(io, command);
      const events = await call.withDatabase('read', history);
      if (events.length === 0) throw noGroup();
      await call.answer({ events: events.map(eventDocument) }, () =>
        graph ? graphLines(events, call.style) : historyLines(events, call.style),
      );
    });
}

function eventDocument(event: HistoryEvent): object {
  const { eventId, parent, epoch, kind, actor, subject, createdAt, onHeadPath, hasSecret } = event;
  return { eventId, parent, epoch, kind, actor, subject, createdAt, onHeadPath, hasSecret };
}

function historyLines(events: readonly HistoryEvent[], style: Style): string[] {
  const rows = events.map((event) => [
    String(event.epoch),
    formatTime(event.createdAt),
    displayText(event.actor),
    event.kind,
    displayText(event.subject ?? ''),
    shortId(event.eventId),
    event.onHeadPath ? '' : style.bad('lost'),
  ]);
  return formatTable(['EPOCH', 'TIME', 'ADMIN', 'EVENT', 'MEMBER', 'ID', ''], rows, style);
}

function graphLines(events: readonly HistoryEvent[], style: Style): string[] {
  return drawHistory(events).map(({ graph, event }) => {
    const { epoch, kind, actor, subject, eventId, onHeadPath } = event;
    const what = `${kind}${subject === null ? '' : ` ${displayText(subject)}`} by ${displayText(actor)}`;
    const line = `${epoch}  ${kind === 'kick' ? style.bad(what) : what}  ${style.dim(shortId(eventId))}`;
    return `${graph} ${onHeadPath ? line : `${line}  ${style.bad('lost')}`}`;
  });
}
