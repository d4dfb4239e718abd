/**
 * Arguments and result of the path `join`: `[join request frame, offset]`, answered by `[length, page]`: how long the
 * welcome is, 0 while the request waits, and its bytes from the offset on.
 *
 * @module
 */
import type { CborValue } from '../../codec/cbor.js';
import { bytesUpTo, items, type ShapeOf, uint } from '../../codec/shape.js';
import { MAX_WELCOME_BYTES } from '../../mesh/limits.js';
import { MAX_STRANGER_BODY_BYTES, WELCOME_PAGE_BYTES } from '../limits.js';

const ARGS = items({ request: bytesUpTo(MAX_STRANGER_BODY_BYTES), offset: uint(MAX_WELCOME_BYTES) });
const ANSWER = items({ length: uint(MAX_WELCOME_BYTES), page: bytesUpTo(WELCOME_PAGE_BYTES) });

/** What a joiner hands in: its join request, and from which byte on it wants the welcome. */
export type JoinArgs = ShapeOf<typeof ARGS>;
/** How long the welcome is, 0 while there is none, and a page of it. */
export type JoinAnswer = ShapeOf<typeof ANSWER>;

/** @throws CodecError */
export const readJoinArgs = (value: CborValue): JoinArgs => ARGS.read(value, 'the arguments of join');
export const writeJoinArgs = (args: JoinArgs): CborValue => ARGS.write(args);
/** @throws CodecError */
export const readJoinAnswer = (value: CborValue): JoinAnswer => ANSWER.read(value, 'the answer to join');
export const writeJoinAnswer = (answer: JoinAnswer): CborValue => ANSWER.write(answer);
