/** Two databases synchronized in memory: every question and answer goes through its CBOR form, as on the wire. */
import { decodeCbor, encodeCbor } from '../../../src/codec/cbor.js';
import type { MeshDatabase } from '../../../src/index.js';
import { firstEpochOf } from '../../../src/mesh/gossip-exchange.js';
import { requireGroup } from '../../../src/mesh/group.js';
import { answerQuestion } from '../../../src/wire/sync/answer.js';
import { databaseReplica } from '../../../src/wire/sync/database-replica.js';
import { readAnswer, readQuestion, writeAnswer, writeQuestion } from '../../../src/wire/sync/questions.js';
import { emptyTally, synchronize } from '../../../src/wire/sync/synchronize.js';

const travel = (value: Parameters<typeof encodeCbor>[0]) => decodeCbor(encodeCbor(value), { maxBytes: 1 << 24 });

/**
 * Lets one peer synchronize with another.
 *
 * @param breakAfter how many answers come through before the connection breaks
 */
export function runSync(client: MeshDatabase, server: MeshDatabase, { breakAfter = Number.POSITIVE_INFINITY } = {}) {
  const tally = emptyTally();
  const steps = synchronize(databaseReplica(client), tally);
  const replica = databaseReplica(server);
  const firstEpoch = firstEpochOf(server, requireGroup(client).identity.signPub);
  const questions: string[] = [];
  const carried = { messages: 0 };
  let step = steps.next();
  while (step.done !== true && questions.length < breakAfter) {
    const question = readQuestion(travel(writeQuestion(step.value)));
    questions.push(question.kind);
    const answer = answerQuestion(replica, question, { firstEpoch });
    const arrived = readAnswer(question.kind, travel(writeAnswer(question.kind, answer as never)));
    if ('messages' in arrived) carried.messages += arrived.messages.length;
    step = steps.next(arrived);
  }
  return { questions, tally, carried };
}
