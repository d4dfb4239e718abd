/**
 * Events that break one rule each, made with real keys by members of one group, which must be refused.
 *
 * @module
 */
import { concatBytes } from '../../../../src/bytes.js';
import { type CborValue, encodeCbor } from '../../../../src/codec/cbor.js';
import { parseFrame, signFrame } from '../../../../src/codec/frame.js';
import { labelled } from '../../../../src/codec/labels.js';
import type { EventRule } from '../../../../src/index.js';
import { encodeBundle } from '../../../../src/mesh/bundle.js';
import { MAX_FRAME_BYTES } from '../../../../src/mesh/limits.js';
import { LOW_ORDER_U } from '../../low-order-points.js';
import { signWithTorsion } from '../../torsion-signature.js';
import { type Does, personOf, SignedTree, type Twist } from '../signed-tree.js';
import { add, groupOf, kick, rotate } from './tree-case.js';

/** An event that breaks a rule. */
export interface Refusal {
  readonly rule: EventRule;
  /** What is wrong with it. */
  readonly about: string;
  readonly bundle: Uint8Array;
}

/** ada founded; ben and cleo are admins, dan is a member, and eve was kicked. */
export function refusingGroup(): SignedTree {
  const tree = groupOf('ada* ben* cleo* dan eve*');
  tree.sign('ada kicks eve', 'eve', 'ada', kick('eve'));
  return tree;
}

const HEAD = 'ada kicks eve';

const bare = (frame: Uint8Array) => encodeBundle({ frame, envelope: null });

/** Signs on the head of a group of its own, so that nothing is left behind. */
function on(parent: string, by: string, does: Does, twist?: Twist): Uint8Array {
  return refusingGroup().sign('it', parent, by, does, twist).bundle;
}

const midOf = (name: string) => refusingGroup().event(name).id;

function encodingRefusals(): Refusal[] {
  const bundle = on(HEAD, 'ben', rotate);
  const frame = refusingGroup().sign('it', HEAD, 'ben', rotate).frame.bytes;
  const rule = 'encoding';
  return [
    { rule, about: 'a byte follows the bundle', bundle: concatBytes(bundle, Uint8Array.of(0)) },
    { rule, about: 'the last byte is missing', bundle: bundle.subarray(0, -1) },
    { rule, about: 'the bundle is an array of three', bundle: encodeCbor([frame, null, null]) },
    {
      rule,
      about: 'the bundle is an indefinite array',
      bundle: concatBytes(Uint8Array.of(0x9f), bundle.subarray(1), Uint8Array.of(0xff)),
    },
    { rule, about: 'the frame has version 2', bundle: bare(frame.with(1, 2)) },
  ];
}

function frameRefusals(): Refusal[] {
  const { payload } = refusingGroup().sign('it', HEAD, 'ben', rotate).frame;
  const { signPriv } = personOf('ben');
  const other = new SignedTree('mallory');
  const signed = (type: string, bytes: Uint8Array) => bare(signFrame(type, midOf('ben'), signPriv, bytes).bytes);
  const items: CborValue[] = [
    refusingGroup().groupId,
    6,
    midOf(HEAD),
    'promote',
    [],
    payload.slice(0, 32),
    payload.slice(0, 32),
    payload.slice(0, 32),
    0,
  ];
  return [
    { rule: 'type', about: 'the frame is of type "gossip"', bundle: signed('gossip', payload) },
    {
      rule: 'group',
      about: 'the event names another group',
      bundle: on(HEAD, 'ben', rotate, { draft: { groupId: other.groupId } }),
    },
    { rule: 'group', about: 'it is the genesis of another group', bundle: other.event('genesis').bundle },
    { rule: 'signature', about: 'another member’s key signed', bundle: on(HEAD, 'ben', rotate, { signedBy: 'cleo' }) },
    { rule: 'signature', about: 'the signature was made for a frame of another type', bundle: relabelled(payload) },
    { rule: 'shape', about: 'the kind is "promote"', bundle: signed('event', encodeCbor(items)) },
    {
      rule: 'shape',
      about: 'a rotate has a detail',
      bundle: signed('event', encodeCbor(items.with(3, 'rotate').with(4, [1]))),
    },
  ];
}

/** An event whose signature is that of a gossip message of the same payload. */
function relabelled(payload: Uint8Array): Uint8Array {
  const gossip = signFrame('gossip', midOf('ben'), personOf('ben').signPriv, payload);
  return bare(encodeCbor([1, 'event', gossip.signer, gossip.signature, payload]));
}

function actorRefusals(): Refusal[] {
  const rule = 'signer-not-admin';
  return [
    { rule: 'epoch', about: 'the epoch is its parent’s', bundle: on(HEAD, 'ben', rotate, { draft: { epoch: 5 } }) },
    {
      rule: 'epoch',
      about: 'the epoch is two above its parent’s',
      bundle: on(HEAD, 'ben', rotate, { draft: { epoch: 7 } }),
    },
    { rule, about: 'a plain member rotates', bundle: on(HEAD, 'dan', rotate) },
    {
      rule,
      about: 'an admin signs on the event that kicked it',
      bundle: on(HEAD, 'eve', rotate, { mid: midOf('eve') }),
    },
    {
      rule,
      about: 'an admin signs on a parent from before it joined',
      bundle: on('ben', 'cleo', rotate, { mid: midOf('cleo') }),
    },
    {
      rule: 'target-absent',
      about: 'the target was kicked already',
      bundle: on(HEAD, 'ben', kick('eve'), { draft: { change: { kind: 'kick', target: midOf('eve'), cut: [] } } }),
    },
    { rule: 'target-absent', about: 'the target never was', bundle: on(HEAD, 'ben', kick('nobody')) },
    { rule: 'outranked', about: 'a junior admin kicks a senior one', bundle: on(HEAD, 'cleo', kick('ben')) },
    { rule: 'outranked', about: 'an admin kicks the founder', bundle: on(HEAD, 'ben', kick('ada')) },
    { rule: 'outranked', about: 'an admin kicks itself', bundle: on(HEAD, 'ben', kick('ben')) },
  ];
}

function cutRefusals(): Refusal[] {
  const entry = (stream: number) => ({ streamId: new Uint8Array(16).fill(stream), seq: 0, msgId: new Uint8Array(32) });
  const withCut = (...streams: number[]) =>
    on(HEAD, 'ben', kick('dan'), {
      draft: { change: { kind: 'kick', target: midOf('dan'), cut: streams.map(entry) } },
    });
  return [
    { rule: 'cut', about: 'the streams of the cut are not in order', bundle: withCut(2, 1) },
    { rule: 'cut', about: 'a stream stands in the cut twice', bundle: withCut(1, 1) },
  ];
}

function requestRefusals(): Refusal[] {
  const tree = refusingGroup();
  const withRequest = (request: Uint8Array) =>
    on(HEAD, 'ben', add('fay'), { draft: { change: { kind: 'add', request, role: 'member' } } });
  const request = tree.request(personOf('fay'));
  const { payload } = parseFrame(request, { maxBytes: MAX_FRAME_BYTES });
  const { signPriv, signPub } = personOf('fay');
  const mixed = signWithTorsion((signer) => labelled('arborist-mesh/1 join-request', encodeCbor([signer, payload])));
  const rule = 'join-request';
  return [
    {
      rule,
      about: 'a byte of the request was changed',
      bundle: withRequest(request.with(-1, (request.at(-1) ?? 0) ^ 1)),
    },
    {
      rule,
      about: 'the request is for another group',
      bundle: withRequest(tree.request(personOf('fay'), new Uint8Array(32))),
    },
    {
      rule,
      about: 'the request is a frame of another type',
      bundle: withRequest(signFrame('endpoint', signPub, signPriv, payload).bytes),
    },
    {
      rule,
      about: 'the admin signed the request under the joiner’s key',
      bundle: withRequest(signFrame('join-request', signPub, personOf('ben').signPriv, payload).bytes),
    },
    {
      rule: 'signing-key',
      about: 'the signing key has a torsion component',
      bundle: withRequest(encodeCbor([1, 'join-request', mixed.publicKey, mixed.signature, payload])),
    },
    ...LOW_ORDER_U.slice(0, 3).map(
      (dhPub): Refusal => ({
        rule: 'dh-key',
        about: 'the DH key is of low order',
        bundle: withRequest(tree.request({ ...personOf('fay'), dhPub })),
      }),
    ),
    {
      rule: 'shape',
      about: 'the name holds a control character',
      bundle: on(HEAD, 'ben', add('fay'), { joiner: { memberId: 'f\ty' } }),
    },
  ];
}

function uniquenessRefusals(): Refusal[] {
  const { signPriv, signPub, dhPriv, dhPub } = personOf('dan');
  const joining = (joiner: NonNullable<Twist['joiner']>) => on(HEAD, 'ben', add('fay'), { joiner });
  return [
    { rule: 'unique-signing-key', about: 'the signing key is a member’s', bundle: joining({ signPriv, signPub }) },
    { rule: 'unique-dh-key', about: 'the DH key is a member’s', bundle: joining({ dhPriv, dhPub }) },
    { rule: 'unique-member-id', about: 'the name is a member’s', bundle: joining({ memberId: 'dan' }) },
  ];
}

function rosterHashRefusals(): Refusal[] {
  const rule = 'roster-hash';
  const { hash } = refusingGroup().event(HEAD).roster;
  return [
    {
      rule,
      about: 'the hash is of nothing',
      bundle: on(HEAD, 'ben', rotate, { draft: { rosterHash: new Uint8Array(32) } }),
    },
    {
      rule,
      about: 'the hash is of the roster before the add',
      bundle: on(HEAD, 'ben', add('fay'), { draft: { rosterHash: hash } }),
    },
    {
      rule,
      about: 'the hash is of the roster before the kick',
      bundle: on(HEAD, 'ben', kick('dan'), { draft: { rosterHash: hash } }),
    },
  ];
}

/** All of them, in the order in which an event is checked. */
export function refusals(): Refusal[] {
  return [
    ...encodingRefusals(),
    ...frameRefusals(),
    ...actorRefusals(),
    ...cutRefusals(),
    ...requestRefusals(),
    ...uniquenessRefusals(),
    ...rosterHashRefusals(),
  ];
}
