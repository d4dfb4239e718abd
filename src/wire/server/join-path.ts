/**
 * The path `join`: a joiner hands in its join request, and asks again until there is a welcome, which comes page by page.
 *
 * @module
 */
import { equalBytes } from '../../bytes.js';
import type { CborValue } from '../../codec/cbor.js';
import { parseFrame } from '../../codec/frame.js';
import { MeshError } from '../../errors.js';
import { type Admission, admit } from '../../mesh/admission.js';
import type { MeshDatabase } from '../../store/database.js';
import { type RefusalCode, WireRefusedError } from '../errors.js';
import { MAX_STRANGER_BODY_BYTES, WELCOME_PAGE_BYTES } from '../limits.js';
import { readJoinArgs, writeJoinAnswer } from '../protocol/join.js';
import { decoded, type VerifiedRequest } from './verify-request.js';
import { WelcomeCache } from './welcome-cache.js';

/** How the errors of an admission are told to the joiner. */
const REFUSAL_OF: Readonly<Record<string, RefusalCode>> = {
  'unknown-invite': 'invite-refused',
  'invite-used': 'invite-refused',
  'invite-expired': 'invite-refused',
  'wrong-group': 'other-group',
  'not-authorized': 'invite-refused',
  'already-member': 'join-refused',
  'join-declined': 'join-refused',
  'invalid-request': 'join-refused',
  'authentication-failed': 'join-refused',
  codec: 'bad-request',
};

/** Answers joiners. */
export class JoinPath {
  readonly #db: MeshDatabase;
  readonly #welcomes: WelcomeCache;

  /** @param clock milliseconds, never going back */
  constructor(db: MeshDatabase, clock: () => number) {
    this.#db = db;
    this.#welcomes = new WelcomeCache(clock);
  }

  /** The answer to a verified request. */
  answer({ frame, payload }: VerifiedRequest): CborValue {
    const { request, offset } = decoded(() => readJoinArgs(payload.args));
    const author = decoded(() => parseFrame(request, { maxBytes: MAX_STRANGER_BODY_BYTES })).signer;
    if (!equalBytes(author, frame.signer)) {
      throw new WireRefusedError('join-refused', 'the join request is not by whoever hands it in');
    }
    const admission = this.#admit(request);
    if (admission.state === 'pending') return writeJoinAnswer({ length: 0, page: new Uint8Array(0) });
    const welcome = this.#welcomes.get(admission.mid, admission.welcome);
    return writeJoinAnswer({
      length: welcome.length,
      page: welcome.subarray(offset, offset + WELCOME_PAGE_BYTES),
    });
  }

  #admit(request: Uint8Array): Admission {
    try {
      return admit(this.#db, request);
    } catch (error) {
      const refusal = error instanceof MeshError ? REFUSAL_OF[error.code] : undefined;
      if (refusal === undefined) throw error;
      throw new WireRefusedError(refusal, (error as MeshError).message, { cause: error });
    }
  }
}
