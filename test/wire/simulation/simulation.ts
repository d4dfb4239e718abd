/**
 * A discrete-event model of gossip among many peers: the library's own state machine and answers, and its own pace, over a
 * network that is only delays, broken connections, and peers that come and go.
 *
 * @module
 */
import { encodeCbor } from '../../../src/codec/cbor.js';
import {
  FANOUT,
  FIRST_BACKOFF_MS,
  LONGEST_BACKOFF_MS,
  PULL_INTERVAL_MS,
  PUSH_INTERVAL_MS,
} from '../../../src/wire/gossip/pace.js';
import { CONNECT_TIMEOUT_MS, MAX_ITEMS } from '../../../src/wire/limits.js';
import { signRequest } from '../../../src/wire/protocol/request.js';
import { answerQuestion } from '../../../src/wire/sync/answer.js';
import { type Answers, type Question, writeAnswer, writeQuestion } from '../../../src/wire/sync/questions.js';
import { emptyTally, synchronize } from '../../../src/wire/sync/synchronize.js';
import { SeededRandom } from '../../support/seeded-random.js';
import { VirtualTime } from './event-queue.js';
import { MessagePool, type SimulatedMessage, SimulatedReplica } from './messages.js';

/** What is simulated. */
export interface Scenario {
  readonly seed: number;
  readonly peers: number;
  /** To how many peers fresh messages are offered; the library's where absent. 0: only synchronizations. */
  readonly fanout?: number;
  /** Which part of all exchanges breaks its connection. */
  readonly loss: number;
  /** Which part of the peers is away at any time; each is away for two minutes on average. 0: all stay. */
  readonly away: number;
  /** How many messages are published, by peers at random, in the course of a minute. */
  readonly messages: number;
  /** Simulated seconds after the last one was published. */
  readonly seconds: number;
}

/** What came of it. */
export interface Outcome {
  /** For each message: seconds until 99 % of the peers that are there have it; null if that did not happen. */
  readonly secondsTo99: readonly (number | null)[];
  /** Bytes of requests and answers for each peer and second: of offers and deliveries, and of synchronizations. */
  readonly pushBytes: number;
  readonly pullBytes: number;
  /** Requests that a peer answers in a second, on average. */
  readonly requests: number;
  /** For each second after a message was published: which part of the peers has it, on average over messages. */
  readonly coverage: readonly number[];
  /** How often a message that was offered was wanted. */
  readonly wantedOffers: number;
}

/** Milliseconds there and back, at least and at most. */
const ROUND_TRIP_MS = [20, 200] as const;
const AWAY_MS = 120_000;
const PUBLISHING_MS = 60_000;

/** What a request and an answer are longer than their content: frames, signatures, ids. */
const FRAME_BYTES =
  2 *
  signRequest(
    { signer: new Uint8Array(32), signPriv: new Uint8Array(32) },
    { groupId: new Uint8Array(32), to: new Uint8Array(32), path: 'sync', args: null, now: 1_800_000_000 },
  ).bytes.length;

interface Peer {
  readonly replica: SimulatedReplica;
  isThere: boolean;
  fresh: SimulatedMessage[];
  isPushPlanned: boolean;
  readonly failures: Map<Peer, { readonly count: number; readonly until: number }>;
}

class Simulation {
  readonly #scenario: Scenario;
  readonly #random: SeededRandom;
  readonly #time = new VirtualTime();
  readonly #pool = new MessagePool();
  readonly #peers: Peer[];
  readonly #published: number[] = [];
  /** For each message, when each peer got it. */
  readonly #arrivals: number[][] = [];
  readonly #secondsTo99: (number | null)[] = [];
  #present: number;
  readonly #holders: number[] = [];
  #pushBytes = 0;
  #pullBytes = 0;
  #requests = 0;
  #offered = 0;
  #wanted = 0;

  constructor(scenario: Scenario) {
    this.#scenario = scenario;
    this.#random = new SeededRandom(scenario.seed);
    this.#peers = Array.from({ length: scenario.peers }, () => this.#newPeer());
    this.#present = scenario.peers;
  }

  #newPeer(): Peer {
    const peer: Peer = {
      replica: new SimulatedReplica(this.#pool, (message) => this.#arrived(peer, message)),
      isThere: true,
      fresh: [],
      isPushPlanned: false,
      failures: new Map(),
    };
    return peer;
  }

  run(): Outcome {
    const { messages, seconds, away } = this.#scenario;
    for (const peer of this.#peers) {
      this.#time.after(this.#random.below(PULL_INTERVAL_MS), () => this.#pull(peer));
      if (away > 0) this.#planLeaving(peer, this.#random.below(1_000) < away * 1_000);
    }
    for (let i = 0; i < messages; i++) this.#time.after(this.#random.below(PUBLISHING_MS), () => this.#publish());
    this.#time.runUntil(PUBLISHING_MS + seconds * 1_000);
    return this.#outcome();
  }

  #outcome(): Outcome {
    const peerSeconds = (this.#scenario.peers * this.#time.now) / 1_000;
    return {
      secondsTo99: this.#secondsTo99,
      pushBytes: this.#pushBytes / peerSeconds,
      pullBytes: this.#pullBytes / peerSeconds,
      requests: this.#requests / peerSeconds,
      coverage: this.#coverage(),
      wantedOffers: this.#offered === 0 ? 0 : this.#wanted / this.#offered,
    };
  }

  #coverage(): number[] {
    const total = this.#scenario.peers * this.#arrivals.length;
    return Array.from({ length: this.#scenario.seconds }, (_, second) => {
      let reached = 0;
      for (const arrivals of this.#arrivals) for (const time of arrivals) if (time <= second * 1_000) reached++;
      return reached / total;
    });
  }

  // Peers that come and go.

  #exponential(mean: number): number {
    return -mean * Math.log(1 - this.#random.below(1_000_000) / 1_000_000);
  }

  #planLeaving(peer: Peer, isAway: boolean): void {
    const { away } = this.#scenario;
    if (isAway) this.#leave(peer);
    else this.#time.after(this.#exponential((AWAY_MS * (1 - away)) / away), () => this.#leave(peer));
  }

  #leave(peer: Peer): void {
    this.#setThere(peer, false);
    this.#time.after(this.#exponential(AWAY_MS), () => {
      this.#setThere(peer, true);
      // Whoever comes back synchronizes soon, as a program does that starts.
      this.#time.after(this.#random.below(1_000), () => this.#pull(peer, false));
      this.#planLeaving(peer, false);
    });
  }

  #setThere(peer: Peer, isThere: boolean): void {
    peer.isThere = isThere;
    const change = isThere ? 1 : -1;
    this.#present += change;
    for (const { index, id } of this.#pool.all) {
      if (peer.replica.hasMessage(id)) this.#holders[index] = (this.#holders[index] ?? 0) + change;
    }
    this.#lookWhetherReached();
  }

  // Messages.

  #publish(): void {
    const author = this.#pick(this.#peers.filter(({ isThere }) => isThere));
    const message = this.#pool.publish();
    this.#published.push(this.#time.now);
    this.#arrivals.push([]);
    this.#holders.push(0);
    this.#secondsTo99.push(null);
    author.replica.keep(message);
  }

  #arrived(peer: Peer, message: SimulatedMessage): void {
    const since = this.#time.now - (this.#published[message.index] as number);
    this.#arrivals[message.index]?.push(since);
    if (peer.isThere) this.#holders[message.index] = (this.#holders[message.index] ?? 0) + 1;
    this.#lookWhetherReached();
    peer.fresh.push(message);
    if (peer.isPushPlanned) return;
    peer.isPushPlanned = true;
    this.#time.after(this.#random.below(PUSH_INTERVAL_MS), () => this.#push(peer));
  }

  #lookWhetherReached(): void {
    for (const [index, seconds] of this.#secondsTo99.entries()) {
      if (seconds === null && (this.#holders[index] as number) >= 0.99 * this.#present) {
        this.#secondsTo99[index] = (this.#time.now - (this.#published[index] as number)) / 1_000;
      }
    }
  }

  // What each peer does.

  #pull(peer: Peer, isRegular = true): void {
    if (isRegular) this.#time.after(this.#jittered(PULL_INTERVAL_MS), () => this.#pull(peer));
    if (!peer.isThere) return;
    const [other] = this.#choose(peer, 1);
    if (other === undefined) return;
    const steps = synchronize(peer.replica, emptyTally());
    this.#drive(peer, other, steps, (bytes) => {
      this.#pullBytes += bytes;
    });
  }

  #push(peer: Peer): void {
    peer.isPushPlanned = false;
    const fresh = peer.fresh.splice(0, MAX_ITEMS);
    if (!peer.isThere) return;
    for (const other of this.#choose(peer, this.#scenario.fanout ?? FANOUT)) {
      this.#drive(peer, other, this.#offer(fresh), (bytes) => {
        this.#pushBytes += bytes;
      });
    }
  }

  *#offer(fresh: readonly SimulatedMessage[]): Generator<Question, void, Answers[Question['kind']]> {
    const { wanted } = (yield { kind: 'offer', ids: fresh.map(({ id }) => id) }) as Answers['offer'];
    this.#offered += fresh.length;
    this.#wanted += wanted.length;
    const messages = wanted.flatMap((id) => this.#pool.byId(id)?.bytes ?? []);
    if (messages.length > 0) yield { kind: 'deliver', bundles: [], messages, faults: [], endpoints: [] };
  }

  /** Carries questions and answers between two peers, each exchange with its delay, until the end or a break. */
  #drive(
    from: Peer,
    to: Peer,
    steps: Generator<Question, void, Answers[Question['kind']]>,
    count: (bytes: number) => void,
  ): void {
    const goOn = (step: IteratorResult<Question, void>) => {
      if (step.done === true) {
        from.failures.delete(to);
        return;
      }
      const question = step.value;
      if (!to.isThere || this.#random.below(10_000) < this.#scenario.loss * 10_000) {
        this.#time.after(to.isThere ? this.#roundTrip() : CONNECT_TIMEOUT_MS, () => this.#fail(from, to));
        return;
      }
      this.#time.after(this.#roundTrip(), () => {
        if (!from.isThere) return;
        const answer = answerQuestion(to.replica, question, { firstEpoch: 0 });
        this.#requests++;
        count(
          FRAME_BYTES +
            encodeCbor(writeQuestion(question)).length +
            encodeCbor(writeAnswer(question.kind, answer as never)).length,
        );
        goOn(steps.next(answer));
      });
    };
    goOn(steps.next());
  }

  #fail(from: Peer, to: Peer): void {
    const count = (from.failures.get(to)?.count ?? 0) + 1;
    const wait = this.#jittered(Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** (count - 1)));
    from.failures.set(to, { count, until: this.#time.now + wait });
  }

  // Chance.

  #roundTrip(): number {
    const [least, most] = ROUND_TRIP_MS;
    return least + this.#random.below(most - least);
  }

  #jittered(milliseconds: number): number {
    return Math.round(milliseconds * (0.75 + this.#random.below(1_024) / 2_048));
  }

  #pick<T>(items: readonly T[]): T {
    return this.#random.pick(items);
  }

  /** Other peers at random that did not fail not long ago. */
  #choose(peer: Peer, count: number): Peer[] {
    const chosen = new Set<Peer>();
    for (let tries = 0; chosen.size < Math.min(count, this.#peers.length - 1) && tries < 50 + count; tries++) {
      const other = this.#pick(this.#peers);
      if (other !== peer && (peer.failures.get(other)?.until ?? 0) <= this.#time.now) chosen.add(other);
    }
    return [...chosen];
  }
}

/** Runs a scenario; the same one gives the same outcome. */
export function simulate(scenario: Scenario): Outcome {
  return new Simulation(scenario).run();
}
