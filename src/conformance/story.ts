/**
 * One life of a group, from fixed seeds: founding, joining, gossip, rotation, a kick, two admins at once, all with the
 * functions that a program uses. Every byte that the peers hand to each other is kept in a transcript, which is the same
 * in every runtime.
 *
 * @module
 */
import { utf8 } from '../bytes.js';
import {
  acceptWelcome,
  addMember,
  applyEvents,
  createInvite,
  eventsSince,
  initIdentity,
  kickMember,
  type MeshDatabase,
  membershipProof,
  openDatabase,
  openGossip,
  replay,
  requestJoin,
  rotateEpoch,
  sealGossip,
  setEnabled,
} from '../index.js';
import { withSeededRandomness } from './seeded-randomness.js';

/** When the story plays: seconds since the Unix epoch. */
export const STORY_TIME = 1_800_000_000;

/** The peers, each with a database in memory: two admins, a member who is kicked, and one who comes late. */
type StoryPeers = Readonly<Record<'ada' | 'ben' | 'cleo' | 'dan', MeshDatabase>>;

/** Something that one peer handed to others. */
export interface StoryStep {
  /** What it is, unique in the story. */
  readonly name: string;
  readonly kind: 'invite' | 'request' | 'fingerprint' | 'welcome' | 'bundle' | 'gossip' | 'proof';
  readonly by: keyof StoryPeers;
  /** Bytes, or text where people pass it on as text. */
  readonly content: Uint8Array | string;
}

/** What happened, and the peers as they are then. */
export interface Story {
  readonly peers: StoryPeers;
  readonly steps: readonly StoryStep[];
}

/** Gossip of the member who is kicked: one message that the kicker accepted before, and one that nobody had then. */
export const WITHIN_CUT = 'gossip of cleo in epoch 2, known to the kicker';
/** See {@link WITHIN_CUT}. */
export const PAST_CUT = 'gossip of cleo in epoch 3, sealed before she heard of her kick';

/** Writes down what is handed over. */
class Transcript {
  readonly steps: StoryStep[] = [];

  keep<T extends Uint8Array | string>(kind: StoryStep['kind'], by: keyof StoryPeers, name: string, content: T): T {
    this.steps.push({ name, kind, by, content });
    return content;
  }

  /** Keeps what `work` makes from a seed of its own. */
  make(kind: StoryStep['kind'], by: keyof StoryPeers, name: string, work: () => Uint8Array): Uint8Array {
    return this.keep(kind, by, name, seeded(name, work));
  }
}

/**
 * Each step that makes something has a seed of its own, and what only takes something in has none: so no step depends on
 * how much chance those before it used (checking many signatures together uses some).
 */
function seeded<T>(step: string, work: () => T): T {
  return withSeededRandomness(`arborist-mesh conformance story: ${step}`, work);
}

/** Lets the lineage of a database follow from the seed: an undone transaction begins a new one. */
function drawLineage(name: string, db: MeshDatabase): void {
  const undone = new Error('undone on purpose');
  const undo = () =>
    db.transaction(() => {
      throw undone;
    });
  try {
    seeded(`lineage of ${name}`, undo);
  } catch (error) {
    if (error !== undone) throw error;
  }
}

function openPeer(): Promise<MeshDatabase> {
  return openDatabase({ now: () => STORY_TIME });
}

function found({ ada }: StoryPeers, transcript: Transcript): void {
  seeded('genesis', () => initIdentity(ada, { groupName: 'orchard', memberId: 'ada' }));
  setEnabled(ada, true);
  for (const bundle of eventsSince(ada)) transcript.keep('bundle', 'ada', 'genesis', bundle);
}

function join(
  peers: StoryPeers,
  transcript: Transcript,
  by: keyof StoryPeers,
  who: keyof StoryPeers,
  role: 'admin' | 'member',
): Uint8Array {
  const { invite } = seeded(`invite for ${who}`, () => createInvite(peers[by]));
  transcript.keep('invite', by, `invite for ${who}`, invite);
  const { request, fingerprint } = seeded(`request of ${who}`, () =>
    requestJoin(peers[who], invite, { memberId: who }),
  );
  transcript.keep('request', who, `request of ${who}`, request);
  transcript.keep('fingerprint', who, `fingerprint of the request of ${who}`, fingerprint);
  const { welcome, bundle } = seeded(`add of ${who}`, () => addMember(peers[by], request, { role }));
  transcript.keep('welcome', by, `welcome for ${who}`, welcome);
  acceptWelcome(peers[who], welcome);
  setEnabled(peers[who], true);
  return transcript.keep('bundle', by, `add of ${who}`, bundle);
}

function deliver(bundle: Uint8Array, ...to: readonly MeshDatabase[]): void {
  for (const db of to) applyEvents(db, [bundle]);
}

function talk({ ada, ben, cleo }: StoryPeers, transcript: Transcript): void {
  const first = transcript.make('gossip', 'ada', 'gossip of ada in epoch 2', () =>
    sealGossip(ada, utf8('the pears are ripe')),
  );
  for (const db of [ben, cleo]) openGossip(db, first);
  const answer = transcript.make('gossip', 'cleo', WITHIN_CUT, () => sealGossip(cleo, utf8('I have two baskets')));
  for (const db of [ada, ben]) openGossip(db, answer);
}

function rotateAndKick({ ada, ben, cleo }: StoryPeers, transcript: Transcript): void {
  const rotated = transcript.make('bundle', 'ada', 'rotate by ada', () => rotateEpoch(ada).bundle);
  deliver(rotated, ben, cleo);
  transcript.make('gossip', 'cleo', PAST_CUT, () => sealGossip(cleo, utf8('nobody hears this in time')));
  deliver(
    transcript.make('bundle', 'ada', 'kick of cleo', () => kickMember(ada, 'cleo').bundle),
    ben,
    cleo,
  );
  const after = transcript.make('gossip', 'ben', 'gossip of ben in epoch 4', () =>
    sealGossip(ben, new Uint8Array(300)),
  );
  openGossip(ada, after);
}

/** Both admins act before they hear of each other; the senior's event stands, the junior's add is signed again. */
function actAtOnce(peers: StoryPeers, transcript: Transcript): void {
  const { ada, ben } = peers;
  const byAda = transcript.make('bundle', 'ada', 'rotate by ada while apart', () => rotateEpoch(ada).bundle);
  const byBen = join(peers, transcript, 'ben', 'dan', 'member');
  deliver(byAda, ben, peers.dan);
  deliver(byBen, ada);
  for (const { bundle } of seeded('replay', () => replay(ben))) {
    deliver(transcript.keep('bundle', 'ben', 'add of dan, signed again', bundle), ada, peers.dan);
  }
}

/** Plays the story. The peers' databases are the caller's to close. */
export async function playStory(): Promise<Story> {
  const peers = { ada: await openPeer(), ben: await openPeer(), cleo: await openPeer(), dan: await openPeer() };
  const transcript = new Transcript();
  for (const [name, db] of Object.entries(peers)) drawLineage(name, db);
  found(peers, transcript);
  join(peers, transcript, 'ada', 'ben', 'admin');
  deliver(join(peers, transcript, 'ben', 'cleo', 'member'), peers.ada);
  talk(peers, transcript);
  rotateAndKick(peers, transcript);
  actAtOnce(peers, transcript);
  transcript.keep('proof', 'ada', 'proof that cleo was a member in epoch 3', membershipProof(peers.ada, 'cleo', 3));
  return { peers, steps: transcript.steps };
}
