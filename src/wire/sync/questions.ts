/**
 * What peers ask each other to get in step, and the answers: the arguments and results of the paths `sync` and `push`.
 * Each is CBOR `[kind, …]`; docs/wire.md has the table.
 *
 * @module
 */
import type { CborValue } from '../../codec/cbor.js';
import { arrayOf, bytesOf, bytesUpTo, items, nullable, oneOf, type Shape, textOf, uint } from '../../codec/shape.js';
import { CodecError } from '../../errors.js';
import { MAX_ENDPOINT_BYTES } from '../../mesh/endpoint.js';
import { type EventCursor, MAX_LOCATOR } from '../../mesh/event-exchange.js';
import type { Span } from '../../mesh/gossip-exchange.js';
import { BUCKET_DIGEST_BYTES, MAX_RANGES, type StreamVector, VECTOR_BUCKETS } from '../../mesh/gossip-vectors.js';
import { MAX_BUNDLE_BYTES, MAX_FRAME_BYTES } from '../../mesh/limits.js';
import { areRanges, type Ranges } from '../../mesh/ranges.js';
import { MAX_ITEMS } from '../limits.js';

/** Most faults that travel at a time. */
export const MAX_FAULTS = 64;

/** Where a page of vectors ended. */
export interface VectorCursor {
  readonly bucket: number;
  readonly mid: Uint8Array;
  readonly streamId: Uint8Array;
}

/** What a peer asks. */
export type Question =
  /** How do we differ? */
  | {
      readonly kind: 'summary';
      readonly events: Uint8Array;
      readonly gossip: Uint8Array;
      readonly faults: Uint8Array;
      readonly endpoints: Uint8Array;
    }
  /** Which events lacks somebody who has these, from a cursor on? */
  | { readonly kind: 'events'; readonly have: readonly Uint8Array[]; readonly after: EventCursor | null }
  /** The bundles of these events, please. */
  | { readonly kind: 'bundles'; readonly ids: readonly Uint8Array[] }
  /** What do you have in these buckets, from a cursor on? */
  | { readonly kind: 'vectors'; readonly buckets: readonly number[]; readonly after: VectorCursor | null }
  /** The messages at these positions, please. */
  | { readonly kind: 'messages'; readonly spans: readonly Span[] }
  /** I have these messages: which are new to you? */
  | { readonly kind: 'offer'; readonly ids: readonly Uint8Array[] }
  /** Here are some things that you lack. */
  | {
      readonly kind: 'deliver';
      readonly bundles: readonly Uint8Array[];
      readonly messages: readonly Uint8Array[];
      readonly faults: readonly Uint8Array[];
      readonly endpoints: readonly Uint8Array[];
    };

/** The answers, each to the question of the same name. */
export interface Answers {
  /** Null where there is no difference; else the locator, the buckets' digests, the faults, the endpoint records. */
  readonly summary: {
    readonly locator: readonly Uint8Array[] | null;
    readonly buckets: Uint8Array | null;
    readonly faults: readonly Uint8Array[] | null;
    readonly endpoints: readonly Uint8Array[] | null;
  };
  readonly events: { readonly bundles: readonly Uint8Array[]; readonly next: EventCursor | null };
  readonly bundles: { readonly bundles: readonly Uint8Array[] };
  readonly vectors: { readonly vectors: readonly StreamVector[]; readonly next: VectorCursor | null };
  readonly messages: { readonly messages: readonly Uint8Array[]; readonly done: number; readonly next: number };
  readonly offer: { readonly wanted: readonly Uint8Array[] };
  readonly deliver: {
    readonly fresh: number;
    readonly refused: number;
  };
}

const id = bytesOf(32);
const ids = arrayOf(id, { max: MAX_ITEMS });
const bundles = arrayOf(bytesUpTo(MAX_BUNDLE_BYTES), { max: MAX_ITEMS });
const messages = arrayOf(bytesUpTo(MAX_FRAME_BYTES), { max: MAX_ITEMS });
const faults = arrayOf(bytesUpTo(MAX_ENDPOINT_BYTES), { max: MAX_FAULTS });
const endpoints = arrayOf(bytesUpTo(MAX_ENDPOINT_BYTES), { max: MAX_ITEMS });
const bucket = uint(VECTOR_BUCKETS - 1);
const eventCursor = nullable(items({ epoch: uint(), eventId: id }));
const vectorCursor = nullable(items({ bucket, mid: id, streamId: bytesOf(16) }));
const locator = arrayOf(id, { max: MAX_LOCATOR });

const numbers = arrayOf(uint(), { max: 2 * MAX_RANGES });
/** Ascending pairs of positions. */
const ranges: Shape<Ranges> = {
  read(value, where) {
    const read = numbers.read(value, where);
    if (!areRanges(read)) throw new CodecError(`${where} must be ascending ranges`);
    return read;
  },
  write: (value) => numbers.write(value),
};

const spanItems = items({ mid: id, streamId: bytesOf(16), from: uint(), to: uint() });

const QUESTIONS = {
  summary: items({ kind: oneOf('summary'), events: id, gossip: id, faults: id, endpoints: id }),
  events: items({ kind: oneOf('events'), have: locator, after: eventCursor }),
  bundles: items({ kind: oneOf('bundles'), ids }),
  vectors: items({ kind: oneOf('vectors'), buckets: arrayOf(bucket, { max: VECTOR_BUCKETS }), after: vectorCursor }),
  messages: items({ kind: oneOf('messages'), spans: arrayOf(spanItems, { max: MAX_ITEMS }) }),
  offer: items({ kind: oneOf('offer'), ids }),
  deliver: items({ kind: oneOf('deliver'), bundles, messages, faults, endpoints }),
};

const ANSWERS: { readonly [K in Question['kind']]: Shape<Answers[K]> } = {
  summary: items({
    locator: nullable(locator),
    buckets: nullable(bytesOf(VECTOR_BUCKETS * BUCKET_DIGEST_BYTES)),
    faults: nullable(faults),
    endpoints: nullable(endpoints),
  }),
  events: items({ bundles, next: eventCursor }),
  bundles: items({ bundles }),
  vectors: items({
    vectors: arrayOf(items({ mid: id, streamId: bytesOf(16), held: ranges }), { max: MAX_ITEMS }),
    next: vectorCursor,
  }),
  messages: items({ messages, done: uint(MAX_ITEMS), next: uint() }),
  offer: items({ wanted: ids }),
  deliver: items({ fresh: uint(), refused: uint() }),
};

/** Which kinds belong to which path. */
export const PATH_OF = {
  summary: 'sync',
  events: 'sync',
  bundles: 'sync',
  vectors: 'sync',
  messages: 'sync',
  offer: 'push',
  deliver: 'push',
} as const satisfies Record<Question['kind'], 'sync' | 'push'>;

const KIND = textOf({ min: 1, max: 16 });

/**
 * A question from its CBOR form.
 *
 * @throws CodecError
 */
export function readQuestion(value: CborValue): Question {
  const kind = KIND.read(Array.isArray(value) ? ((value[0] ?? null) as CborValue) : null, 'the kind of the question');
  if (!Object.hasOwn(QUESTIONS, kind)) throw new CodecError('the kind of the question is not known');
  return QUESTIONS[kind as Question['kind']].read(value, `the question ${kind}`);
}

/** The CBOR form of a question. */
export function writeQuestion(question: Question): CborValue {
  const shape = QUESTIONS[question.kind] as Shape<Question>;
  return shape.write(question);
}

/**
 * An answer from its CBOR form.
 *
 * @throws CodecError
 */
export function readAnswer<K extends Question['kind']>(kind: K, value: CborValue): Answers[K] {
  return (ANSWERS[kind] as Shape<Answers[K]>).read(value, `the answer to ${kind}`);
}

/** The CBOR form of an answer. */
export function writeAnswer<K extends Question['kind']>(kind: K, answer: Answers[K]): CborValue {
  return (ANSWERS[kind] as Shape<Answers[K]>).write(answer);
}
