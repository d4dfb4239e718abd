/**
 * `watch`: what the database holds, and what changes in it, while another command may be at work on it.
 *
 * @module
 */
import { Command } from 'commander';
import { base64urlEncode } from '../../../codec/base64url.js';
import { type MeshDatabase, meshStatus } from '../../../index.js';
import { pendingJoins } from '../../../wire/index.js';
import { CommandCall } from '../../command-call.js';
import type { CommandIo } from '../../command-io.js';
import { count, displayText, shortId } from '../../format.js';
import { helpSections } from '../../help.js';
import { parseDuration } from '../../option-values.js';
import { formatFields } from '../../table.js';
import { knownPeers } from './known-peers.js';

/** Clears the terminal and goes to its upper left corner. */
const CLEAR = '\u001b[2J\u001b[H';

interface View {
  readonly group: string | null;
  readonly epoch: number | null;
  readonly head: Uint8Array | null;
  readonly members: number;
  readonly messages: number;
  readonly peers: number;
  readonly requests: number;
}

/** `watch [--interval DURATION]`. */
export function watchCommand(io: CommandIo): Command {
  return new Command('watch')
    .summary('show what changes, until interrupted')
    .description('Shows head, members, messages and peers, and again whenever they change, until it is interrupted.')
    .option('--interval <duration>', 'how often to look (default: 2s)', parseDuration, 2)
    .addHelpText(
      'after',
      helpSections({
        notes: [
          'It only reads, also while `arborist mesh serve` runs. With --json each change is a document on a line.',
        ],
        examples: [['arborist mesh watch', 'in a terminal of its own']],
        json: {
          group: 'name of the group; null before founding or joining',
          epoch: 'number of the epoch; null likewise',
          head: 'id of the head event, base64url; null likewise',
          members: 'number of members',
          messages: 'number of messages that are kept',
          peers: 'number of peers that can be reached',
          requests: 'number of join requests that wait',
        },
      }),
    )
    .action(async ({ interval }: { interval: number }, command: Command) => {
      const call = new CommandCall(io, command);
      const signal = io.interruption();
      for (let last = ''; ; ) {
        const view = await call.withDatabase('read', viewOf);
        const text = keyOf(view);
        if (text !== last) await show(call, view);
        last = text;
        if (!(await wait(interval * 1_000, signal))) return;
      }
    });
}

function viewOf(db: MeshDatabase): View {
  const { group } = meshStatus(db);
  return {
    group: group?.groupName ?? null,
    epoch: group?.epoch ?? null,
    head: group?.head ?? null,
    members: group?.members ?? 0,
    messages: group?.messages ?? 0,
    peers: knownPeers(db).length,
    requests: pendingJoins(db).length,
  };
}

const keyOf = ({ head, ...view }: View) => JSON.stringify([head && base64urlEncode(head), view]);

async function show(call: CommandCall, view: View): Promise<void> {
  const isLive = call.io.stdout.isTerminal && !call.json;
  if (isLive) await call.io.stdout.write(CLEAR);
  await call.answer({ ...view }, () => (isLive ? fields(view, call) : [line(view)]));
}

function fields(view: View, { style }: CommandCall): string[] {
  const { group, epoch, head, members, messages, peers, requests } = view;
  return formatFields(
    [
      ['group', group === null ? null : displayText(group)],
      ['epoch', epoch === null || head === null ? null : `${epoch} (${shortId(head)})`],
      ['members', `${members}`],
      ['messages', `${messages}`],
      ['peers', `${peers}`],
      ['requests', requests === 0 ? null : `${requests} wait: arborist mesh requests`],
    ],
    style,
  );
}

function line({ epoch, head, members, messages, peers, requests }: View): string {
  const where = epoch === null || head === null ? 'no group' : `epoch ${epoch} (${shortId(head)})`;
  const parts = [
    count(members, 'member'),
    count(messages, 'message'),
    count(peers, 'peer'),
    count(requests, 'request'),
  ];
  return `${where}: ${parts.join(', ')}`;
}

/** Waits, and says whether to go on. */
function wait(milliseconds: number, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      resolve(false);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', end);
      resolve(true);
    }, milliseconds);
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
  });
}
