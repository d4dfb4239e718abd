/**
 * `syncWith`: gets this peer in step with another one.
 *
 * @module
 */
import { openTransport } from '#wire-transport';
import { requireOptions } from '../../bytes.js';
import { NotAMemberError } from '../../errors.js';
import { requireEnabled } from '../../mesh/enabled.js';
import { requirePeerUrl } from '../../mesh/endpoint.js';
import type { MeshDatabase } from '../../store/database.js';
import { BadAnswerError, WireRefusedError } from '../errors.js';
import { MAX_SYNC_EXCHANGES, SYNC_TIMEOUT_MS } from '../limits.js';
import { readAs } from '../protocol/response.js';
import { wireCounters } from '../stats.js';
import { databaseReplica } from '../sync/database-replica.js';
import { PATH_OF, type Question, readAnswer, writeQuestion } from '../sync/questions.js';
import type { Refused } from '../sync/replica.js';
import { emptyTally, type SyncTally, synchronize } from '../sync/synchronize.js';
import { forgetMid, knownMid, rememberMid } from './known-mids.js';
import { type PeerAddress, type ReachOptions, requireReachable } from './peer-address.js';
import { Line, PeerConnection } from './peer-connection.js';
import type { Transport, TransportTarget } from './transport.js';

/** How far a synchronization has come. */
export interface SyncProgress {
  /** New events, messages, faults and endpoint records that were taken in. */
  readonly received: Readonly<SyncTally['received']>;
  /** Things of ours that the other side took as new. */
  readonly delivered: number;
  /** Requests made. */
  readonly exchanges: number;
  readonly bytesSent: number;
  readonly bytesReceived: number;
}

/** What a synchronization did. */
export interface SyncReport extends SyncProgress {
  /** 32 bytes: the other's `mid`. */
  readonly mid: Uint8Array;
  /** The other's name. */
  readonly memberId: string;
  /** What was received and not taken in, and why; at most 1,000 entries. */
  readonly refused: readonly Refused[];
  /** How many things of ours the other side did not take in. */
  readonly deliveriesRefused: number;
}

/** Settings of {@link syncWith}. */
export interface SyncOptions extends ReachOptions {
  readonly signal?: AbortSignal;
  /** Is told after each exchange; must not throw. */
  readonly onProgress?: (progress: SyncProgress) => void;
  /** Another way to carry requests than the runtime's own. */
  readonly transport?: (target: TransportTarget) => Transport;
}

const progressOf = ({ received, delivered }: SyncTally, { traffic }: PeerConnection): SyncProgress => ({
  received: { ...received },
  delivered,
  ...traffic,
});

async function askQuestion<K extends Question['kind']>(connection: PeerConnection, question: Question & { kind: K }) {
  const result = await connection.ask(PATH_OF[question.kind], writeQuestion(question));
  return readAs('of the form that was asked for', () => readAnswer(question.kind, result));
}

async function run(
  db: MeshDatabase,
  connection: PeerConnection,
  tally: SyncTally,
  onProgress: (progress: SyncProgress) => void,
): Promise<void> {
  const steps = synchronize(databaseReplica(db), tally);
  const latest = performance.now() + SYNC_TIMEOUT_MS;
  let step = steps.next();
  for (let exchanges = 0; step.done !== true; exchanges++) {
    if (exchanges === MAX_SYNC_EXCHANGES) throw new BadAnswerError('the peer does not come to an end');
    if (performance.now() > latest) throw new BadAnswerError('the peer does not come to an end in time');
    const answer = await askQuestion(connection, step.value);
    step = steps.next(answer);
    onProgress(progressOf(tally, connection));
  }
}

/** Opens a connection to a peer; whoever opens it closes it. */
export async function connectTo(
  db: MeshDatabase,
  peer: PeerAddress,
  { signal, transport = openTransport, ...reach }: Omit<SyncOptions, 'onProgress'>,
): Promise<PeerConnection> {
  const line = new Line(transport(requireReachable(peer, reach)), signal);
  const url = requirePeerUrl(peer.url);
  try {
    const connection = await PeerConnection.open(db, line, peer.mid ?? knownMid(db, url));
    if (peer.mid === undefined) rememberMid(db, url, connection.mid);
    return connection;
  } catch (error) {
    line.close();
    throw error;
  }
}

/** Whether somebody else may answer at the URL by now, who is to be asked next time. */
const isAnother = (error: unknown) =>
  error instanceof NotAMemberError || (error instanceof WireRefusedError && error.refusal === 'misdirected');

/**
 * Gets this peer in step with another one: takes in what that one has, and hands over what it lacks. Where nothing
 * differs, this is one small exchange. What was taken in before a failure is kept, and the next call goes on from there.
 *
 * @throws MeshDisabledError, InvalidInputError
 * @throws NotAMemberError if one of the two is no member
 * @throws UnreachableError, WrongCertificateError, WireRefusedError, BadAnswerError
 * @throws MeshError `no-group`, `own-address`, `private-address`, `plain-http`; the signal's reason
 */
export async function syncWith(db: MeshDatabase, peer: PeerAddress, options: SyncOptions = {}): Promise<SyncReport> {
  requireEnabled(db);
  const { onProgress = () => undefined, ...rest } = requireOptions(options);
  const counters = wireCounters(db);
  let connection: PeerConnection | undefined;
  try {
    connection = await connectTo(db, peer, rest);
    const tally = emptyTally();
    await run(db, connection, tally, onProgress);
    await db.durable();
    counters.syncs++;
    const { refused, deliveriesRefused } = tally;
    const { mid, memberId } = connection;
    return { mid, memberId, ...progressOf(tally, connection), refused, deliveriesRefused };
  } catch (error) {
    counters.syncsFailed++;
    if (isAnother(error)) forgetMid(db, requirePeerUrl(peer.url));
    throw error;
  } finally {
    connection?.close();
  }
}
