/**
 * `createMeshHandler`: a mesh database as a function from `Request` to `Response`, for Node, Deno, Bun and workerd alike.
 * It checks who asks and how much, and leaves everything about the mesh to the mesh.
 *
 * @module
 */

import { equalBytes } from '../../bytes.js';
import type { CborValue } from '../../codec/cbor.js';
import { MeshError } from '../../errors.js';
import { byteKey } from '../../mesh/byte-key.js';
import { isEnabled } from '../../mesh/enabled.js';
import { ownEndpoint } from '../../mesh/endpoint.js';
import { firstEpochOf } from '../../mesh/gossip-exchange.js';
import { type JoinedGroup, requireMembership } from '../../mesh/group.js';
import { loadSigningKey } from '../../mesh/identity.js';
import type { MeshRosterEntry } from '../../mesh/roster.js';
import type { MeshDatabase } from '../../store/database.js';
import { isControl, runControl } from '../control/controls.js';
import { REFUSALS, type RefusalCode, WireRefusedError } from '../errors.js';
import { networkOf } from '../ip-address.js';
import {
  BAD_SIGNATURE_RATE,
  BODY_TIMEOUT_MS,
  bodyLimit,
  MAX_JOIN_NONCES,
  MAX_NONCES,
  MAX_STRANGER_BODY_BYTES,
  MEMBER_RATE,
  STRANGER_RATE,
} from '../limits.js';
import { readChunkArgs, writeChunkAnswer } from '../protocol/chunk.js';
import { encodeHello } from '../protocol/hello.js';
import { encodeRefusal } from '../protocol/refusal.js';
import { WIRE_PATHS, type WirePath } from '../protocol/request.js';
import { signResponse } from '../protocol/response.js';
import { type ServedPath, type WireCounters, wireCounters } from '../stats.js';
import { answerQuestion } from '../sync/answer.js';
import { databaseReplica } from '../sync/database-replica.js';
import { PATH_OF, type Question, readQuestion, writeAnswer } from '../sync/questions.js';
import { TokenBuckets } from '../token-buckets.js';
import { chunksFor } from './chunk-path.js';
import { JoinPath } from './join-path.js';
import { NoncePool } from './nonce-pool.js';
import { BodyBudget, readBody } from './read-body.js';
import { decoded, type VerifiedRequest, verifyRequest } from './verify-request.js';

/** One request as the log sees it: no bodies, keys or payloads. */
export interface WireLogEntry {
  readonly path: ServedPath | 'other';
  /** The HTTP status of the answer. */
  readonly status: number;
  /** Why it was refused; null if it was not. */
  readonly refusal: RefusalCode | null;
  /** The reason in words, for this side only; null if it was not refused. */
  readonly reason: string | null;
  /** The caller's name, where its signature was verified. */
  readonly member: string | null;
  /** The network address, as the server adapter gives it. */
  readonly address: string | null;
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly milliseconds: number;
}

/** Settings of {@link createMeshHandler}. */
export interface MeshHandlerOptions {
  /** Is told of every request; must not throw. */
  readonly log?: (entry: WireLogEntry) => void;
  /** Origins of web pages that may call, as `https://example.org`; none where absent. */
  readonly origins?: readonly string[];
  /** Milliseconds for reading a body; 15 seconds where absent. */
  readonly bodyTimeoutMs?: number;
  /** Milliseconds from any point on, never going back; `performance.now` where absent. */
  readonly clock?: () => number;
}

/** What a server adapter knows beside the request. */
export interface RequestInfo {
  /** The caller's network address; callers without one share their limits. */
  readonly address?: string | undefined;
}

/** A mesh as a function: what servers, workers and tests call. Never rejects. */
export type MeshHandler = (request: Request, info?: RequestInfo) => Promise<Response>;

const PREFIX = '/mesh/v1/';

/** Why a body was not read to its end, where that is its sender's doing. */
const UNFINISHED: ReadonlySet<RefusalCode> = new Set(['too-large', 'too-slow', 'bad-request']);

function pathOf(request: Request): ServedPath {
  const { pathname } = new URL(request.url);
  const at = pathname.lastIndexOf(PREFIX);
  const name = at < 0 ? '' : pathname.slice(at + PREFIX.length);
  if (name === 'hello') return name;
  const path = WIRE_PATHS.find((known) => known === name);
  if (path === undefined) throw new WireRefusedError('no-such-path');
  return path;
}

/** What is noted about a request while it is worked on. */
interface Exchange {
  readonly request: Request;
  /** Whose limits count: {@link networkOf} the caller's address. */
  readonly address: string;
  path: ServedPath | 'other';
  member: MeshRosterEntry | null;
  bytesIn: number;
}

class MeshServer {
  readonly #db: MeshDatabase;
  readonly #options: MeshHandlerOptions;
  readonly #clock: () => number;
  readonly #counters: WireCounters;
  readonly #nonces = new NoncePool(MAX_NONCES);
  readonly #joinNonces = new NoncePool(MAX_JOIN_NONCES);
  readonly #budget = new BodyBudget();
  readonly #members: TokenBuckets;
  readonly #strangers: TokenBuckets;
  readonly #badSignatures: TokenBuckets;
  readonly #joinPath: JoinPath;

  constructor(db: MeshDatabase, options: MeshHandlerOptions) {
    this.#db = db;
    this.#options = options;
    this.#clock = options.clock ?? (() => performance.now());
    this.#counters = wireCounters(db);
    this.#members = new TokenBuckets(MEMBER_RATE, this.#clock);
    this.#strangers = new TokenBuckets(STRANGER_RATE, this.#clock);
    this.#badSignatures = new TokenBuckets(BAD_SIGNATURE_RATE, this.#clock);
    this.#joinPath = new JoinPath(db, this.#clock);
  }

  async handle(request: Request, address: string | undefined): Promise<Response> {
    const started = this.#clock();
    const exchange: Exchange = { request, address: networkOf(address ?? ''), path: 'other', member: null, bytesIn: 0 };
    let status = 200;
    let refusal: WireRefusedError | null = null;
    let body: Uint8Array;
    try {
      if (request.method === 'OPTIONS' && this.#origin(request) !== null) return this.#preflight(request);
      body = await this.#answer(exchange);
      if (exchange.path !== 'other') this.#counters.served[exchange.path]++;
    } catch (error) {
      refusal = asRefusal(error);
      status = REFUSALS[refusal.refusal];
      body = encodeRefusal(refusal.refusal);
      this.#counters.refused[refusal.refusal]++;
    }
    this.#counters.bytesOut += body.length;
    this.#options.log?.({
      path: exchange.path,
      status,
      refusal: refusal?.refusal ?? null,
      reason: refusal?.message ?? null,
      member: exchange.member?.memberId ?? null,
      address: address ?? null,
      bytesIn: exchange.bytesIn,
      bytesOut: body.length,
      milliseconds: this.#clock() - started,
    });
    return new Response(body as Uint8Array<ArrayBuffer>, { status, headers: this.#headers(request) });
  }

  /** The origin of a web page that may call. */
  #origin(request: Request): string | null {
    const origin = request.headers.get('origin');
    return origin !== null && this.#options.origins?.includes(origin) ? origin : null;
  }

  #headers(request: Request): Record<string, string> {
    const origin = this.#origin(request);
    return {
      'content-type': 'application/cbor',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      ...(origin === null ? {} : { 'access-control-allow-origin': origin, vary: 'origin' }),
    };
  }

  #preflight(request: Request): Response {
    const headers = {
      ...this.#headers(request),
      'access-control-allow-methods': 'GET, POST',
      'access-control-allow-headers': 'content-type',
      'access-control-max-age': '600',
    };
    return new Response(null, { status: 204, headers });
  }

  async #answer(exchange: Exchange): Promise<Uint8Array> {
    const path = pathOf(exchange.request);
    exchange.path = path;
    if (exchange.request.method !== (path === 'hello' ? 'GET' : 'POST')) throw new WireRefusedError('wrong-method');
    if (path === 'hello' || path === 'join') this.#requireStranger(exchange);
    if (path === 'hello') return this.#hello();
    const body = await this.#read(exchange, path);
    return this.#answerBody(exchange, path, body);
  }

  /** A caller who need not be a member, and has the lowest rate. */
  #requireStranger({ address }: Exchange): void {
    if (!this.#strangers.take(address)) throw new WireRefusedError('rate-limited');
  }

  /** The group as it is now; it may have changed since the last request. */
  #group(): JoinedGroup {
    if (!isEnabled(this.#db)) throw new WireRefusedError('unavailable', 'the mesh is disabled in this database');
    try {
      return requireMembership(this.#db);
    } catch (error) {
      if (!(error instanceof MeshError)) throw error;
      throw new WireRefusedError('unavailable', error.message, { cause: error });
    }
  }

  #hello(): Uint8Array {
    const { self } = this.#group();
    return encodeHello(self.mid, ownEndpoint(this.#db)?.frame ?? null);
  }

  async #read(exchange: Exchange, path: WirePath): Promise<Uint8Array> {
    const { request, address } = exchange;
    const { roster } = this.#group();
    const memberLimit = bodyLimit(roster.members.length);
    const limitOf = (signer: Uint8Array | null) => {
      const isMember = path !== 'join' && signer !== null && roster.byMid(signer) !== null;
      return isMember ? memberLimit : MAX_STRANGER_BODY_BYTES;
    };
    // A length that is told counts only against the caller.
    const told = Number(request.headers.get('content-length') ?? 0);
    if (told > (path === 'join' ? MAX_STRANGER_BODY_BYTES : memberLimit)) throw this.#stranger(address, 'too-large');
    const timeoutMs = this.#options.bodyTimeoutMs ?? BODY_TIMEOUT_MS;
    const rules = { limitOf, timeoutMs, budget: this.#budget, address };
    const body = await readBody(request, rules).catch((error: unknown) => {
      // Nothing shows that a body that never came to its end is a member's; for join it has paid already.
      if (error instanceof WireRefusedError && UNFINISHED.has(error.refusal) && path !== 'join') {
        throw this.#stranger(address, error.refusal);
      }
      throw error;
    });
    exchange.bytesIn = body.length;
    this.#counters.bytesIn += body.length;
    return body;
  }

  /** A refusal of somebody who has not shown to be a member: it uses up the address's rate. */
  #stranger(address: string, refusal: RefusalCode): WireRefusedError {
    return new WireRefusedError(this.#strangers.take(address) ? refusal : 'rate-limited');
  }

  #answerBody(exchange: Exchange, path: WirePath, body: Uint8Array): Uint8Array {
    const group = this.#group();
    const now = this.#db.now();
    const verified = this.#verify(exchange, path, body, group, now);
    const result = this.#result(path, verified, exchange);
    return signResponse({ mid: group.self.mid, signPriv: loadSigningKey(this.#db) }, verified.frame.id, now, result);
  }

  #verify({ address, ...exchange }: Exchange, path: WirePath, body: Uint8Array, group: JoinedGroup, now: number) {
    const mayVerify = () => this.#badSignatures.has(address);
    // Anybody can sign a join with a key made for it: such requests must not use up what members' are remembered in.
    const nonces = path === 'join' ? this.#joinNonces : this.#nonces;
    try {
      return verifyRequest(body, { group, path, nonces, now, mayVerify });
    } catch (error) {
      const refusal = asRefusal(error).refusal;
      if (refusal === 'bad-signature') this.#badSignatures.take(address);
      // Whoever cannot be told from a stranger is treated as one; for join it has paid already.
      const isStranger = refusal === 'bad-request' || refusal === 'unknown-caller' || refusal === 'bad-signature';
      if (isStranger && exchange.path !== 'join') throw this.#stranger(address, refusal);
      throw error;
    }
  }

  #result(path: WirePath, verified: VerifiedRequest, exchange: Exchange): CborValue {
    const { member } = verified;
    if (path === 'join' || member === null) return this.#joinPath.answer(verified);
    exchange.member = member;
    if (!this.#members.take(byteKey(member.mid))) throw new WireRefusedError('rate-limited');
    if (path === 'chunk') {
      const args = decoded(() => readChunkArgs(verified.payload.args));
      return writeChunkAnswer(chunksFor(this.#db, args));
    }
    if (path === 'push' && isControl(verified.payload.args)) return this.#control(verified, member);
    return this.#answerQuestion(path, verified, member);
  }

  /** This peer's own programs have their server do something; nobody else may. */
  #control({ payload }: VerifiedRequest, member: MeshRosterEntry): CborValue {
    if (!equalBytes(member.mid, this.#group().self.mid)) throw new WireRefusedError('misdirected');
    return decoded(() => runControl(this.#db, payload.args));
  }

  #answerQuestion(path: 'sync' | 'push', { payload }: VerifiedRequest, member: MeshRosterEntry): CborValue {
    const question: Question = decoded(() => readQuestion(payload.args));
    if (PATH_OF[question.kind] !== path) throw new WireRefusedError('misdirected');
    const answer = answerQuestion(databaseReplica(this.#db), question, {
      firstEpoch: question.kind === 'messages' ? firstEpochOf(this.#db, member.signPub) : 0,
      onTaken: ({ fresh, refused }) => {
        this.#counters.itemsTaken += fresh;
        this.#counters.itemsRefused += refused.length;
      },
    });
    return writeAnswer(question.kind, answer as never);
  }
}

/** Any error as a refusal. What went wrong inside is for the log alone. */
function asRefusal(error: unknown): WireRefusedError {
  if (error instanceof WireRefusedError) return error;
  if (error instanceof MeshError && error.code === 'secrets-locked')
    return new WireRefusedError('unavailable', error.message);
  return new WireRefusedError('server-error', error instanceof Error ? error.message : String(error), { cause: error });
}

/**
 * Makes a handler of a database. It answers `GET /mesh/v1/hello` and `POST /mesh/v1/{sync,push,join,chunk}`, under any
 * path in front of these, within the limits of docs/wire.md.
 *
 * @param db stays open as long as the handler is called
 */
export function createMeshHandler(db: MeshDatabase, options: MeshHandlerOptions = {}): MeshHandler {
  const server = new MeshServer(db, options);
  return (request, info = {}) => server.handle(request, info.address);
}
