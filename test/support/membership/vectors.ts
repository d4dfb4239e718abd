/**
 * The published vectors of membership, `test/vectors/membership/*.json`: made from the cases, with all keys from fixed texts.
 * What the library does with the events is recorded; the tests of the cases hold that against what a person and the model
 * find.
 *
 * @module
 */
import { base64urlEncode } from '../../../src/codec/base64url.js';
import { applyEvents, conflicts, type MeshDatabase, roster } from '../../../src/index.js';
import { allEvents, type EventNode, findHead } from '../../../src/mesh/event-store.js';
import { toHex } from '../hex.js';
import { SeededRandom } from '../seeded-random.js';
import { envelopeCases, envelopeGroup, RECEIVER } from './cases/envelopes.js';
import { forkCases } from './cases/forks.js';
import { refusals, refusingGroup } from './cases/refusals.js';
import { eventTree } from './event-tree.js';
import { withSeededCrypto } from './seeded-crypto.js';
import { signTree } from './sign-tree.js';
import { openReader, personOf, type SignedTree } from './signed-tree.js';

/** A bundle in a vector, with what becomes of it at its place in the order. */
interface BundleVector {
  readonly name: string;
  readonly bundle: string;
  readonly outcome: string;
  readonly rule?: string;
}

/** The state at the end. Ids and keys are hexadecimal. */
interface StateVector {
  readonly epoch: number;
  readonly head: string;
  readonly roster_hash: string;
  readonly roster: readonly { member_id: string; mid: string; sign_pub: string; dh_pub: string; role: string }[];
  /** The kicks that count. */
  readonly standing_kicks: readonly string[];
  /** Those who signed two events on one parent. */
  readonly equivocators: readonly string[];
}

/** Bundles in an order, and what comes of them. */
export interface TreeVector {
  readonly title: string;
  readonly because?: string;
  readonly genesis: string;
  readonly arrivals: readonly BundleVector[];
  readonly after: StateVector;
}

/** The present state of a database as vectors have it. */
function stateOf(db: MeshDatabase, tree: SignedTree): StateVector {
  const head = findHead(db) as EventNode;
  return {
    epoch: head.epoch,
    head: toHex(head.id),
    roster_hash: toHex(tree.event(tree.nameOf(head.id)).roster.hash),
    roster: roster(db).map(({ memberId, mid, signPub, dhPub, role }) => ({
      member_id: memberId,
      mid: toHex(mid),
      sign_pub: toHex(signPub),
      dh_pub: toHex(dhPub),
      role,
    })),
    standing_kicks: allEvents(db).flatMap(({ id, standing }) => (standing ? [toHex(id)] : [])),
    equivocators: [...new Set(conflicts(db).map(({ mid }) => toHex(mid)))].sort(),
  };
}

async function treeVector(title: string, tree: SignedTree, names: readonly string[]): Promise<TreeVector> {
  const db = await openReader(tree);
  const arrivals = names.map((name): BundleVector => {
    const { bundle } = tree.event(name);
    const { outcome, rule } = applyEvents(db, [bundle]).results[0] ?? { outcome: '' };
    return { name, bundle: base64urlEncode(bundle), outcome, ...(rule === undefined ? {} : { rule }) };
  });
  const after = stateOf(db, tree);
  db.close();
  return { title, genesis: base64urlEncode(tree.event('genesis').bundle), arrivals, after };
}

async function forkVectors() {
  const cases = [];
  for (const { title, because, tree, arrivals } of forkCases()) {
    cases.push({ because, ...(await treeVector(title, tree, arrivals)) });
  }
  return { source: 'The hard cases of forks, thought out by hand', cases };
}

const TREES = 24;

/** Random trees in a random order of arrival, with duplicates. */
async function treeVectors() {
  const random = new SeededRandom(4);
  const kinds = ['admin', 'admin', 'add', 'kick', 'kick', 'rotate'] as const;
  const cases = [];
  for (let i = 0; i < TREES; i++) {
    const attempts = Array.from({ length: 4 + random.below(12) }, () => ({
      parent: random.below(5) === 0 ? random.below(20) : random.below(3),
      actor: random.below(6),
      kind: random.pick(kinds),
      target: random.below(8),
      salt: random.below(0x1_0000),
    }));
    const { tree, names } = signTree(eventTree(attempts));
    const order = [...names, ...names.filter(() => random.below(4) === 0)]
      .map((name) => ({ name, place: random.uint32() }))
      .sort((a, b) => a.place - b.place);
    cases.push(
      await treeVector(
        `random tree ${i}`,
        tree,
        order.map(({ name }) => name),
      ),
    );
  }
  return { source: 'Random trees, in random orders of arrival', cases };
}

async function refusalVectors() {
  const tree = refusingGroup();
  const names = tree.events().map(({ id }) => tree.nameOf(id));
  const group = await treeVector('the group that all of them are of', tree, names.slice(1));
  const refused = refusals().map(({ rule, about, bundle }) => ({ rule, about, bundle: base64urlEncode(bundle) }));
  return { source: 'Events that break one rule each', group, refused };
}

async function envelopeVectors() {
  const tree = envelopeGroup();
  const names = tree.events().map(({ id }) => tree.nameOf(id));
  const group = await treeVector('the group that all of them are of', tree, names.slice(1));
  const { signPriv, signPub, dhPriv, dhPub } = personOf(RECEIVER);
  const cases = await withSeededCrypto(4, async () => envelopeCases());
  return {
    source: 'Events with envelopes, each received by one member directly after the group’s own',
    receiver: {
      member_id: RECEIVER,
      sign_priv: toHex(signPriv),
      sign_pub: toHex(signPub),
      dh_priv: toHex(dhPriv),
      dh_pub: toHex(dhPub),
    },
    group,
    cases: cases.map(({ about, name, bundle, fault, opens }) => ({
      about,
      bundle: base64urlEncode(bundle),
      fault,
      secret: opens ? toHex(tree.secretOf(name)) : null,
    })),
  };
}

/** The content of each file, by name. */
export async function membershipVectors() {
  return {
    'forks.json': await forkVectors(),
    'trees.json': await treeVectors(),
    'refused.json': await refusalVectors(),
    'envelopes.json': await envelopeVectors(),
  };
}

/** What the files hold. */
export type MembershipVectors = Awaited<ReturnType<typeof membershipVectors>>;
