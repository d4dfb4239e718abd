/**
 * `joinGroup`: from an invite to membership, over the network.
 *
 * @module
 */
import { openTransport } from '#wire-transport';
import { concatBytes, requireOptions } from '../../bytes.js';
import { InvalidInputError, MeshError } from '../../errors.js';
import { loadPublicIdentity, loadSigningKey } from '../../mesh/identity.js';
import { type AcceptedWelcome, acceptWelcome } from '../../mesh/joining.js';
import { addPeer } from '../../mesh/named-peers.js';
import { type OutgoingJoin, startJoin, waitingJoin } from '../../mesh/outgoing-join.js';
import type { MeshDatabase } from '../../store/database.js';
import { BadAnswerError, UnreachableError, WireRefusedError, WrongCertificateError } from '../errors.js';
import { MAX_BODY_BYTES } from '../limits.js';
import { type JoinAnswer, readJoinAnswer, writeJoinArgs } from '../protocol/join.js';
import { readAs } from '../protocol/response.js';
import { jittered, pause } from './pause.js';
import { requireReachable } from './peer-address.js';
import { Line } from './peer-connection.js';
import type { SyncOptions } from './sync-with.js';

/** How long to wait before asking again, in milliseconds: at first, and at most. */
const FIRST_WAIT_MS = 2_000;
const LONGEST_WAIT_MS = 30_000;

/** Between two pages of a welcome, in milliseconds: a stranger has one request a second. */
const BETWEEN_PAGES_MS = 1_100;

/** How joining stands. */
export interface JoinProgress {
  /** `asking`: on the way to the admin; `waiting`: the admin has the request; `receiving`: the welcome comes. */
  readonly state: 'asking' | 'waiting' | 'receiving';
  /** What this peer wants to be called. */
  readonly memberId: string;
  /** The short code that the admin sees as well: read it to each other. */
  readonly fingerprint: string;
  /** Why the last attempt led to nothing; null if it did not. */
  readonly problem: MeshError | null;
}

/** Settings of {@link joinGroup}. */
export interface JoinGroupOptions extends Omit<SyncOptions, 'onProgress'> {
  /** What this peer wants to be called; as in `requestJoin`. */
  readonly memberId?: string;
  /** Milliseconds until it is asked again, growing up to 30 seconds; 2 seconds where absent. */
  readonly interval?: number;
  /** Is told of each step; must not throw. */
  readonly onProgress?: (progress: JoinProgress) => void;
}

/**
 * Where an admin can be asked, with whatever pin may be expected there: the invite's URLs that a client may go to.
 *
 * @throws InvalidInputError; MeshError `private-address`, `plain-http` if it may go to none of them
 */
function linesTo(
  join: OutgoingJoin,
  { signal, transport = openTransport, ...reach }: JoinGroupOptions,
): (() => Line)[] {
  const lines: (() => Line)[] = [];
  let problem: unknown;
  for (const url of join.urls) {
    try {
      const target = requireReachable({ url }, reach);
      lines.push(() => new Line(transport({ ...target, certPins: join.certPins }), signal));
    } catch (error) {
      problem = error;
    }
  }
  if (lines.length === 0) throw problem;
  return lines;
}

async function ask(db: MeshDatabase, line: Line, join: OutgoingJoin, offset: number): Promise<JoinAnswer> {
  const signer = loadPublicIdentity(db)?.signPub as Uint8Array;
  const args = writeJoinArgs({ request: join.request, offset });
  const callee = { mid: join.inviter, signPub: join.inviterSignPub };
  const parts = () => ({ groupId: join.groupId, path: 'join' as const, args, now: db.now() });
  const result = await line.call({ signer, signPriv: loadSigningKey(db) }, callee, parts, MAX_BODY_BYTES);
  return readAs('one to a join request', () => readJoinAnswer(result));
}

/** The welcome, all pages of it; null while there is none. */
async function askForWelcome(
  db: MeshDatabase,
  line: Line,
  join: OutgoingJoin,
  onReceiving: () => void,
): Promise<Uint8Array | null> {
  const first = await ask(db, line, join, 0);
  if (first.length === 0) return null;
  onReceiving();
  const pages = [first.page];
  let held = first.page.length;
  while (held < first.length) {
    await line.pause(BETWEEN_PAGES_MS);
    const { page, length } = await ask(db, line, join, held);
    // Where the history was reorganized meanwhile, the next attempt has it whole.
    if (length !== first.length || page.length === 0) throw new BadAnswerError('the welcome changed while it came');
    pages.push(page);
    held += page.length;
  }
  return concatBytes(...pages);
}

/** What another attempt may cure. */
function isPassing(error: unknown): error is MeshError {
  if (error instanceof WireRefusedError) {
    return error.refusal !== 'invite-refused' && error.refusal !== 'join-refused';
  }
  return error instanceof UnreachableError || error instanceof BadAnswerError || error instanceof WrongCertificateError;
}

async function attempt(
  db: MeshDatabase,
  join: OutgoingJoin,
  options: JoinGroupOptions,
  tell: (state: JoinProgress['state'], problem: MeshError | null) => void,
): Promise<Uint8Array | null> {
  let problem: MeshError | null = null;
  for (const open of linesTo(join, options)) {
    const line = open();
    try {
      const welcome = await askForWelcome(db, line, join, () => tell('receiving', null));
      if (welcome === null) tell('waiting', null);
      return welcome;
    } catch (error) {
      if (!isPassing(error)) throw error;
      problem = error;
    } finally {
      line.close();
    }
  }
  tell('asking', problem);
  return null;
}

/** A signed URL of the invite is where to find this group from now on; those that are none are left out. */
function rememberPeers(db: MeshDatabase, { urls, certPins }: OutgoingJoin): void {
  const [certPin, ...others] = certPins;
  // With several pins nobody knows which one belongs to which URL; endpoint records will tell.
  if (others.length > 0) return;
  for (const url of urls) {
    try {
      addPeer(db, { url, certPin: certPin ?? null });
    } catch (error) {
      // The peer has joined, whatever its list of peers can hold.
      if (!(error instanceof InvalidInputError)) throw error;
    }
  }
}

/**
 * Joins the group of an invite: hands in a join request where the invite says, waits until an admin has added this peer,
 * receives the welcome and checks it as `acceptWelcome` does. Can be broken off and called again with the same invite: the
 * request stays the same.
 *
 * @param invite the text, or its bytes, that `createInvite` gave; null to go on with the one that was begun
 * @throws as `requestJoin` and `acceptWelcome`
 * @throws WireRefusedError `invite-refused`, `join-refused`
 * @throws InvalidInputError; MeshError `private-address`, `plain-http` if it may go to none of the invite's URLs
 * @throws MeshError `no-address` if the invite names no URL; `no-request` if there is none to go on with; the signal's reason
 */
export async function joinGroup(
  db: MeshDatabase,
  invite: string | Uint8Array | null,
  options: JoinGroupOptions = {},
): Promise<AcceptedWelcome> {
  const { memberId, onProgress = () => undefined, signal, interval = FIRST_WAIT_MS } = requireOptions(options);
  const join = invite === null ? waitingJoin(db) : startJoin(db, invite, memberId === undefined ? {} : { memberId });
  if (join === null) throw new MeshError('no-request', 'no join request of this peer waits for a welcome');
  if (join.urls.length === 0) {
    throw new MeshError('no-address', 'the invite names no URL: hand the request to the admin in another way');
  }
  await db.durable();
  const tell = (state: JoinProgress['state'], problem: MeshError | null) =>
    onProgress({ state, memberId: join.memberId, fingerprint: join.fingerprint, problem });
  tell('asking', null);
  for (let wait = interval; ; wait = Math.min(LONGEST_WAIT_MS, wait * 1.5)) {
    const welcome = await attempt(db, join, options, tell);
    if (welcome !== null) {
      const accepted = acceptWelcome(db, welcome);
      db.transaction(() => rememberPeers(db, join));
      await db.durable();
      return accepted;
    }
    await pause(jittered(wait), signal);
  }
}
