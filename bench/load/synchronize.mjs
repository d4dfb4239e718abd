/**
 * A process that synchronizes in the names of many members, on several connections at once, and takes nothing in, so that each
 * time the same is missing: `FOLDER DATABASE PORT PIN CONNECTIONS SECONDS`. Prints JSON.
 *
 * @module
 */
import { openDatabase, roster } from '../../dist/index.js';
import { openTransport } from '../../dist/wire/node/transport.node.js';
import { signRequest } from '../../dist/wire/protocol/request.js';
import { openResponse } from '../../dist/wire/protocol/response.js';
import { databaseReplica } from '../../dist/wire/sync/database-replica.js';
import { PATH_OF, readAnswer, writeQuestion } from '../../dist/wire/sync/questions.js';
import { emptyTally, synchronize } from '../../dist/wire/sync/synchronize.js';
import { bytesOf, readMembers } from './files.mjs';

const MAX_BYTES = 2_000_000;
const [folder = '', database = '', port = '', pin, connections = '', seconds = ''] = process.argv.slice(2);

const db = await openDatabase({ file: `${folder}/${database}`, readonly: true });
const members = readMembers(`${folder}/members.json`);
const founder = roster(db).find(({ memberId }) => memberId === 'founder');
if (founder === undefined) throw new Error('the group has no founder');
const { mid: groupId, signPub } = founder;

/** What does not change is asked once, so that this process does not slow down the one that is measured. */
function standingStill() {
  const replica = databaseReplica(db);
  const summary = {
    eventsDigest: replica.eventsDigest(),
    gossipDigest: replica.gossipDigest(),
    faultsDigest: replica.faultsDigest(),
    endpointsDigest: replica.endpointsDigest(),
  };
  return {
    ...replica,
    eventsDigest: () => summary.eventsDigest,
    gossipDigest: () => summary.gossipDigest,
    faultsDigest: () => summary.faultsDigest,
    endpointsDigest: () => summary.endpointsDigest,
    missingEnvelopes: () => [],
    takeMessages: (/** @type {readonly Uint8Array[]} */ messages) => ({ fresh: messages.length, refused: [] }),
  };
}

const replica = standingStill();
/** @type {number[]} */
const times = [];
let exchanges = 0;
let messages = 0;

/**
 * One synchronization in a member's name.
 *
 * @param {import('../../dist/wire/client/transport.js').Transport} transport
 * @param {import('./make-group.mjs').Member} member
 */
async function runOnce(transport, { mid, signPriv }) {
  const tally = emptyTally();
  const steps = synchronize(replica, tally);
  for (let step = steps.next(); step.done !== true; ) {
    const path = PATH_OF[step.value.kind];
    const parts = { groupId, to: groupId, path, args: writeQuestion(step.value), now: db.now() };
    const request = signRequest({ signer: mid, signPriv }, parts);
    const { status, body } = await transport.send({
      method: 'POST',
      path: `/mesh/v1/${path}`,
      body: request.bytes,
      maxBytes: MAX_BYTES,
      signal: AbortSignal.timeout(30_000),
    });
    if (status !== 200) throw new Error(`refused with ${status}`);
    exchanges++;
    step = steps.next(readAnswer(step.value.kind, openResponse(body, { mid: groupId, signPub, request })));
  }
  messages += tally.received.messages;
}

let next = 0;
const until = performance.now() + Number(seconds) * 1_000;

async function runOnConnection() {
  const url = new URL(`https://127.0.0.1:${port}`);
  const transport = openTransport({ url, certPins: [bytesOf(pin)], allowPrivate: true });
  while (performance.now() < until) {
    const member = members[next++ % members.length];
    if (member === undefined) throw new Error('nobody to speak for');
    const start = performance.now();
    await runOnce(transport, member);
    times.push(performance.now() - start);
  }
  transport.close();
}

const start = performance.now();
await Promise.all(Array.from({ length: Number(connections) }, runOnConnection));
const elapsedMs = performance.now() - start;
times.sort((a, b) => a - b);
const { length } = times;
process.stdout.write(
  JSON.stringify({
    syncs: length,
    exchanges,
    messages,
    elapsedMs,
    medianMs: times[length >> 1],
    slowestMs: times.at(-1),
  }),
);
process.exit();
