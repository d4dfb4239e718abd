/**
 * What goes wrong between two peers. A refusal crosses the wire as a code and an HTTP status, and nothing else: the reason
 * in words stays where it was found.
 *
 * @module
 */
import { MeshError } from '../errors.js';

/** The codes of refusals, with the HTTP status that each one travels with. */
export const REFUSALS = {
  /** The body is not a frame of a request, or its arguments are not of the path's shape. */
  'bad-request': 400,
  /** The path is none of the protocol's. */
  'no-such-path': 404,
  /** Another HTTP method than the path has. */
  'wrong-method': 405,
  /** The body is longer than this caller may send. */
  'too-large': 413,
  /** The body did not come in time. */
  'too-slow': 408,
  /** The signer is not in the roster, as the server knows it. */
  'unknown-caller': 403,
  /** The signature does not verify. */
  'bad-signature': 401,
  /** The request is about another group. */
  'other-group': 403,
  /** The request is for another peer, or another path. */
  misdirected: 421,
  /** Made too long ago, or in the future, or good for more than 60 seconds: the clocks may differ. */
  'not-fresh': 401,
  /** The same request came before. */
  repeated: 409,
  /** More requests than the limits allow. */
  'rate-limited': 429,
  /** The server has too much to do. */
  busy: 503,
  /** The server's mesh is disabled, or it is no member of the group. */
  unavailable: 503,
  /** The server cannot answer; the reason is in its own log. */
  'server-error': 500,
  /** The invite is not known, used up, or expired. */
  'invite-refused': 403,
  /** The join request does not hold: a proof is wrong, or the name or a key is taken. */
  'join-refused': 403,
} as const;

/** Why a server refused a request. */
export type RefusalCode = keyof typeof REFUSALS;

/** Whether a text is the code of a refusal. */
export function isRefusalCode(text: string): text is RefusalCode {
  return Object.hasOwn(REFUSALS, text);
}

/** A request was refused: thrown inside the server, and by the client that reads it. Code `wire-refused`. */
export class WireRefusedError extends MeshError {
  /** Why. */
  readonly refusal: RefusalCode;

  constructor(
    refusal: RefusalCode,
    message: string = `the peer refused the request: ${refusal}`,
    options?: ErrorOptions,
  ) {
    super('wire-refused', message, options);
    this.refusal = refusal;
  }
}

/** An answer is not one to what was asked, by whom it was asked. Code `bad-answer`. */
export class BadAnswerError extends MeshError {
  constructor(message: string, options?: ErrorOptions) {
    super('bad-answer', message, options);
  }
}

/** The peer's certificate is not the one that was to be expected; nothing was sent to it. Code `wrong-certificate`. */
export class WrongCertificateError extends MeshError {
  constructor(message = "the peer's certificate is not the pinned one; nothing was sent to it") {
    super('wrong-certificate', message);
  }
}

/** The peer could not be reached, or did not answer in time. Code `unreachable`. */
export class UnreachableError extends MeshError {
  constructor(message: string, options?: ErrorOptions) {
    super('unreachable', message, options);
  }
}
