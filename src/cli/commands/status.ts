/**
 * `status`: where this peer stands, at a glance.
 *
 * @module
 */
import { Command } from 'commander';
import { base64urlEncode } from '../../codec/base64url.js';
import { type Fault, type GroupStatus, type MeshStatus, meshStatus } from '../../index.js';
import { CommandCall, type JsonDocument } from '../command-call.js';
import type { CommandIo } from '../command-io.js';
import { count, displayText, formatTime, type Style, shortId } from '../format.js';
import { helpSections } from '../help.js';
import { formatFields } from '../table.js';

/** `status`. */
export function statusCommand(io: CommandIo): Command {
  return new Command('status')
    .summary('show where this peer stands')
    .description('Shows where this peer stands: the group, its epoch, and what asks for attention.')
    .addHelpText(
      'after',
      helpSections({
        notes: ['Works while the mesh is off. Without a group, the fields from groupId on are null.'],
        examples: [
          ['arborist mesh status', 'at a glance'],
          ['arborist mesh status --json', 'with ids in full, for a program'],
        ],
        json: {
          database: 'the database file',
          passphrase: 'whether its secrets are sealed under a passphrase',
          enabled: 'whether the mesh is on',
          state: 'none (no identity), pending (a join request waits for its welcome), member or kicked',
          memberId: 'name of this peer',
          groupId: 'id of the group, base64url',
          groupName: 'name of the group',
          epoch: 'number of the epoch',
          head: 'id of the event that began it, base64url',
          lastEvent: 'that event: kind, actor (name of the admin), createdAt (seconds since 1970)',
          members: 'how many members there are',
          role: 'admin or member; null if this peer was kicked',
          mid: 'id of this membership, base64url; null if this peer was kicked',
          hasSecret: 'whether this peer can seal and open in this epoch',
          events: 'how many events are known',
          orphans: 'how many events wait for one that is unknown',
          messages: 'how many messages are kept',
          conflicts: 'how many contradictions between signed statements of one member are known',
          kickAgain: 'names of members whom a kick on a losing branch removes; nobody seals until an admin kicks again',
          pendingReplays: 'how many changes of losing branches wait for a replay',
          faults: 'reports of members who did not get the secret: eventId, memberId, reason, frame',
        },
      }),
    )
    .action(async (_options: object, command: Command) => {
      const call = new CommandCall(io, command);
      const { status, ...database } = await call.withDatabase('read', (db) => ({
        status: meshStatus(db),
        file: call.databaseFile,
        hasPassphrase: db.secrets.state !== 'plain',
      }));
      await call.answer(statusDocument(status, database), () => statusLines(status, database, call.style));
    });
}

/** The file, and whether its secrets are sealed. */
interface DatabaseFacts {
  readonly file: string;
  readonly hasPassphrase: boolean;
}

function statusDocument(
  { enabled, state, memberId, group }: MeshStatus,
  { file, hasPassphrase }: DatabaseFacts,
): JsonDocument {
  return {
    database: file,
    passphrase: hasPassphrase,
    enabled,
    state,
    memberId,
    groupId: group?.groupId ?? null,
    groupName: group?.groupName ?? null,
    epoch: group?.epoch ?? null,
    head: group?.head ?? null,
    lastEvent: group === null ? null : lastEventDocument(group),
    members: group?.members ?? null,
    role: group?.role ?? null,
    mid: group?.mid ?? null,
    hasSecret: group?.hasSecret ?? null,
    events: group?.events ?? null,
    orphans: group?.orphans ?? null,
    messages: group?.messages ?? null,
    conflicts: group?.conflicts ?? null,
    kickAgain: group?.kickAgain ?? null,
    pendingReplays: group?.pendingReplays ?? null,
    faults: group?.faults.map(({ eventId, memberId, reason, frame }) => ({ eventId, memberId, reason, frame })) ?? null,
  };
}

function lastEventDocument({ lastEvent: { kind, actor, createdAt } }: GroupStatus): JsonDocument {
  return { kind, actor, createdAt };
}

function statusLines(status: MeshStatus, { file, hasPassphrase }: DatabaseFacts, style: Style): string[] {
  const { enabled, group } = status;
  const fields: [string, string | null][] = [
    ['Mesh', enabled ? style.good('on') : `${style.bad('off')}; switch it on with: arborist mesh enable`],
    ['You', identityText(status)],
    ['Group', group === null ? null : `${displayText(group.groupName)} ${style.dim(base64urlEncode(group.groupId))}`],
    ['Epoch', group === null ? null : epochText(group, style)],
    ['Members', group === null ? null : String(group.members)],
    ['Messages', group === null ? null : String(group.messages)],
    ['Database', displayText(file)],
    ['Passphrase', hasPassphrase ? 'yes' : 'none: the database file is as secret as the keys in it'],
  ];
  return [...formatFields(fields, style), ...(group === null ? [] : warnings(group)).map(style.bad)];
}

function identityText({ state, memberId, group }: MeshStatus): string {
  const name = displayText(memberId ?? '');
  if (state === 'none') return 'nobody yet; see: arborist mesh init --help, or: arborist mesh join --help';
  if (state === 'pending') return `${name}; waiting for the welcome, then: arborist mesh accept WELCOME`;
  return state === 'kicked' ? `${name}; not a member any more` : `${name}, ${group?.role}`;
}

function epochText({ epoch, head, lastEvent: { kind, actor, createdAt } }: GroupStatus, style: Style): string {
  return `${epoch} since ${formatTime(createdAt)}: ${kind} by ${displayText(actor)} ${style.dim(shortId(head))}`;
}

/** What a person should look into. */
function warnings({ role, hasSecret, orphans, conflicts, kickAgain, pendingReplays, faults }: GroupStatus): string[] {
  return [
    ...(role !== null && !hasSecret ? ['The secret of this epoch did not arrive; an admin has to rotate.'] : []),
    ...(orphans > 0
      ? [`${count(orphans, 'event')} waiting for earlier ones: apply all events of another member.`]
      : []),
    ...(conflicts > 0 ? [`${count(conflicts, 'contradiction')} between signed statements of one member.`] : []),
    ...kickAgain.map(kickAgainText),
    ...(pendingReplays > 0
      ? [`${count(pendingReplays, 'change')} lost with a branch: see arborist mesh replay --list.`]
      : []),
    ...faults.map(faultText),
  ];
}

function faultText({ memberId, reason }: Fault): string {
  return `${displayText(memberId)} did not get the secret of this epoch (${reason}): an admin has to rotate.`;
}

function kickAgainText(memberId: string): string {
  return `${displayText(memberId)} was kicked on a branch that lost: nothing can be sealed until an admin kicks again.`;
}
