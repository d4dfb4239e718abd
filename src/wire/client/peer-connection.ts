/**
 * A connection to one peer: signed requests and checked answers.
 *
 * @module
 */
import { equalBytes } from '../../bytes.js';
import type { CborValue } from '../../codec/cbor.js';
import { MeshError, NotAMemberError } from '../../errors.js';
import { type JoinedGroup, requireMembership } from '../../mesh/group.js';
import { loadSigningKey } from '../../mesh/identity.js';
import type { MeshDatabase } from '../../store/database.js';
import { WireRefusedError } from '../errors.js';
import { bodyLimit, EXCHANGE_TIMEOUT_MS, MEMBER_RATE } from '../limits.js';
import { decodeHello, MAX_HELLO_BYTES } from '../protocol/hello.js';
import { readRefusal } from '../protocol/refusal.js';
import { type Caller, type RequestParts, signRequest, type WirePath } from '../protocol/request.js';
import { openResponse, readAs } from '../protocol/response.js';
import { TokenBuckets } from '../token-buckets.js';
import { jittered, pause } from './pause.js';
import type { Transport, TransportRequest } from './transport.js';

/** How often a request is made again that was refused for the time being, and the first wait, in milliseconds. */
const RETRIES = 5;
const FIRST_WAIT_MS = 300;

const RETRIED = new Set(['rate-limited', 'busy']);

/** What crossed a connection. */
export interface Traffic {
  exchanges: number;
  bytesSent: number;
  bytesReceived: number;
}

/** Who is asked: its `mid`, and the key that its answers are signed with. */
export interface Callee {
  readonly mid: Uint8Array;
  readonly signPub: Uint8Array;
}

/** A transport, and what crossed it. */
export class Line {
  readonly traffic: Traffic = { exchanges: 0, bytesSent: 0, bytesReceived: 0 };
  readonly #transport: Transport;
  readonly #signal: AbortSignal | undefined;

  constructor(transport: Transport, signal: AbortSignal | undefined) {
    this.#transport = transport;
    this.#signal = signal;
  }

  /**
   * One exchange: the body of an answer of status 200.
   *
   * @throws WireRefusedError for any other status; and as transports do
   */
  async exchange(request: Omit<TransportRequest, 'signal'>): Promise<Uint8Array> {
    this.#signal?.throwIfAborted();
    const timeout = AbortSignal.timeout(EXCHANGE_TIMEOUT_MS);
    const signal = this.#signal === undefined ? timeout : AbortSignal.any([this.#signal, timeout]);
    this.traffic.exchanges++;
    this.traffic.bytesSent += request.body?.length ?? 0;
    const { status, body } = await this.#transport.send({ ...request, signal }).catch((error: unknown) => {
      this.#signal?.throwIfAborted();
      throw error;
    });
    this.traffic.bytesReceived += body.length;
    if (status !== 200) throw readRefusal(body);
    return body;
  }

  /** Does something again, a few times and ever later, as long as the peer asks for patience. */
  async patiently<T>(work: () => Promise<T>): Promise<T> {
    for (let attempt = 0; ; attempt++) {
      try {
        return await work();
      } catch (error) {
        const isPassing = error instanceof WireRefusedError && RETRIED.has(error.refusal);
        if (!isPassing || attempt === RETRIES) throw error;
        await this.pause(jittered(FIRST_WAIT_MS * 2 ** attempt));
      }
    }
  }

  /** Signs a request, sends it, and opens the answer. A request that is made again is signed anew: it counts once. */
  async call(
    caller: Caller,
    callee: Callee,
    parts: () => Omit<RequestParts, 'to'>,
    maxBytes: number,
  ): Promise<CborValue> {
    return this.patiently(async () => {
      const made = parts();
      const request = signRequest(caller, { ...made, to: callee.mid });
      const path = `/mesh/v1/${made.path}`;
      const body = await this.exchange({ method: 'POST', path, body: request.bytes, maxBytes });
      return openResponse(body, { ...callee, request });
    });
  }

  /** Waits, as long as the caller wants it to. */
  pause(milliseconds: number): Promise<void> {
    return pause(milliseconds, this.#signal);
  }

  close(): void {
    this.#transport.close();
  }
}

/** A member's connection to another member's server. */
export class PeerConnection {
  readonly #db: MeshDatabase;
  readonly #line: Line;
  readonly #pace = new TokenBuckets(MEMBER_RATE, () => performance.now());
  /** 32 bytes: the other's `mid`. */
  readonly mid: Uint8Array;

  private constructor(db: MeshDatabase, line: Line, mid: Uint8Array) {
    this.#db = db;
    this.#line = line;
    this.mid = mid;
  }

  /**
   * Finds out who answers, unless that is known.
   *
   * @throws NotAMemberError if it is not in the roster; MeshError `own-address` if it is this peer itself
   */
  static async open(db: MeshDatabase, line: Line, known: Uint8Array | undefined): Promise<PeerConnection> {
    const mid = known ?? (await askMid(line));
    const group = requireMembership(db);
    if (equalBytes(mid, group.self.mid)) throw new MeshError('own-address', 'the URL leads to this peer itself');
    requireCallee(group, mid);
    return new PeerConnection(db, line, mid);
  }

  get traffic(): Readonly<Traffic> {
    return this.#line.traffic;
  }

  /** The other's name. */
  get memberId(): string {
    return requireCallee(requireMembership(this.#db), this.mid).memberId;
  }

  /**
   * Asks something, within the rate that is allowed.
   *
   * @throws NotAMemberError if one of the two is no member any more
   * @throws WireRefusedError, UnreachableError, WrongCertificateError, BadAnswerError
   */
  async ask(path: WirePath, args: CborValue): Promise<CborValue> {
    while (!this.#pace.take('')) await this.#line.pause(1_000 / MEMBER_RATE.perSecond);
    const db = this.#db;
    const group = requireMembership(db);
    const callee = requireCallee(group, this.mid);
    const caller = { signer: group.self.mid, signPriv: loadSigningKey(db) };
    const parts = () => ({ groupId: group.id, path, args, now: db.now() });
    return this.#line.call(caller, callee, parts, bodyLimit(group.roster.members.length));
  }

  close(): void {
    this.#line.close();
  }
}

async function askMid(line: Line): Promise<Uint8Array> {
  const hello = { method: 'GET', path: '/mesh/v1/hello', body: null, maxBytes: MAX_HELLO_BYTES } as const;
  const body = await line.patiently(() => line.exchange(hello));
  return readAs('one of this protocol', () => decodeHello(body).mid);
}

/** Whoever was kicked is not talked to any more. */
function requireCallee({ roster }: JoinedGroup, mid: Uint8Array) {
  const member = roster.byMid(mid);
  if (member === null) throw new NotAMemberError('the peer is not in the roster, as far as is known here');
  return member;
}
