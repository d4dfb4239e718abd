/**
 * The answering side of a synchronization: a function of the question and what this peer has. It keeps no state between
 * questions.
 *
 * @module
 */
import { equalBytes } from '../../bytes.js';
import { bucketOf, compareVectors, type StreamVector } from '../../mesh/gossip-vectors.js';
import { randomSome } from '../client/pause.js';
import { MAX_ITEM_BYTES, MAX_ITEMS } from '../limits.js';
import { type Answers, MAX_FAULTS, type Question, type VectorCursor } from './questions.js';
import type { Replica, Taken } from './replica.js';

const ROOM = { items: MAX_ITEMS, bytes: MAX_ITEM_BYTES };

/** As many faults as travel at a time: where there are more, others each time, by chance. */
const someOf = (faults: readonly Uint8Array[]) =>
  faults.length <= MAX_FAULTS ? faults : randomSome(faults, MAX_FAULTS);

function summarize(replica: Replica, theirs: Extract<Question, { kind: 'summary' }>): Answers['summary'] {
  const same = (mine: Uint8Array, other: Uint8Array) => equalBytes(mine, other);
  return {
    locator: same(replica.eventsDigest(), theirs.events) ? null : replica.locator(),
    buckets: same(replica.gossipDigest(), theirs.gossip) ? null : replica.bucketDigests(),
    faults: same(replica.faultsDigest(), theirs.faults) ? null : someOf(replica.faults()),
    endpoints: same(replica.endpointsDigest(), theirs.endpoints) ? null : replica.endpoints().slice(0, MAX_ITEMS),
  };
}

/** The vectors after a cursor, by bucket, then sender and stream. */
function* vectorsAfter(
  replica: Replica,
  buckets: readonly number[],
  after: VectorCursor | null,
): Iterable<StreamVector> {
  for (const number of [...new Set(buckets)].sort((a, b) => a - b)) {
    if (after !== null && number < after.bucket) continue;
    for (const vector of replica.bucket(number)) {
      const isBefore = after !== null && number === after.bucket && compareVectors(vector, { ...after, held: [] }) <= 0;
      if (!isBefore) yield vector;
    }
  }
}

function tellVectors(replica: Replica, { buckets, after }: Extract<Question, { kind: 'vectors' }>): Answers['vectors'] {
  const vectors: StreamVector[] = [];
  for (const vector of vectorsAfter(replica, buckets, after)) {
    const last = vectors.at(-1);
    if (last !== undefined && vectors.length === MAX_ITEMS) {
      const { mid, streamId } = last;
      return { vectors, next: { bucket: bucketOf(mid, streamId), mid, streamId } };
    }
    vectors.push(vector);
  }
  return { vectors, next: null };
}

function receive(replica: Replica, delivered: Extract<Question, { kind: 'deliver' }>) {
  const taken: Taken[] = [];
  // Events first: messages and faults are about them.
  if (delivered.bundles.length > 0) taken.push(replica.takeBundles(delivered.bundles));
  if (delivered.faults.length > 0) taken.push(replica.takeFaults(delivered.faults));
  if (delivered.endpoints.length > 0) taken.push(replica.takeEndpoints(delivered.endpoints));
  if (delivered.messages.length > 0) taken.push(replica.takeMessages(delivered.messages));
  return {
    fresh: taken.reduce((sum, { fresh }) => sum + fresh, 0),
    refused: taken.flatMap(({ refused }) => refused),
  };
}

/** Who asks, as far as the answer depends on it, and who is told what a delivery brought. */
export interface Asker {
  /** The first epoch that the asker was a member in. */
  readonly firstEpoch: number;
  onTaken?(taken: Taken): void;
}

/** The answer to a question. */
export function answerQuestion(replica: Replica, question: Question, asker: Asker): Answers[Question['kind']] {
  switch (question.kind) {
    case 'summary':
      return summarize(replica, question);
    case 'events':
      return replica.eventsPage(question.have, question.after, ROOM);
    case 'bundles':
      return { bundles: replica.bundles(question.ids, ROOM) };
    case 'vectors':
      return tellVectors(replica, question);
    case 'messages':
      return replica.messages(question.spans, ROOM, asker.firstEpoch);
    case 'offer':
      return { wanted: question.ids.filter((id) => !replica.hasMessage(id)) };
    case 'deliver': {
      const taken = receive(replica, question);
      asker.onTaken?.(taken);
      return { fresh: taken.fresh, refused: taken.refused.length };
    }
  }
}
