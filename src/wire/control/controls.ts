/**
 * Control: what a peer's own programs ask of its own server while that holds the database. A file has one writer at a time;
 * so whoever wants something done meanwhile reads the keys from the file, signs a request as this very member, and lets the
 * server do it. Only requests by the server's own `mid` are taken as such.
 *
 * They travel as arguments of the path `push`: `["control", name, …]`.
 *
 * @module
 */
import type { CborValue } from '../../codec/cbor.js';
import { arrayOf, bytesOf, bytesUpTo, items, nullable, oneOf, type Shape, textOf, uint } from '../../codec/shape.js';
import { CodecError, MeshError } from '../../errors.js';
import { approveJoin, declineJoin, openInviteToAll } from '../../mesh/admission.js';
import { createInvite } from '../../mesh/inviting.js';
import { MAX_BUNDLE_BYTES, MAX_FRAME_BYTES } from '../../mesh/limits.js';
import { kickMember, rotateEpoch } from '../../mesh/membership.js';
import type { Role } from '../../mesh/roster.js';
import { sealGossip } from '../../mesh/seal-gossip.js';
import type { MeshDatabase } from '../../store/database.js';

/** What is asked and answered, by name. */
export interface Controls {
  readonly invite: {
    readonly args: {
      readonly expiresIn: number | null;
      readonly urls: readonly string[];
      readonly certPins: readonly Uint8Array[];
      /** As what whoever answers is added at once; null if an admin decides. */
      readonly open: Role | null;
    };
    readonly result: { readonly invite: string; readonly inviteId: Uint8Array; readonly expires: number };
  };
  readonly approve: {
    readonly args: { readonly code: string; readonly role: Role };
    readonly result: { readonly epoch: number; readonly eventId: Uint8Array; readonly memberId: string };
  };
  readonly decline: {
    readonly args: { readonly code: string };
    readonly result: { readonly memberId: string };
  };
  readonly kick: {
    readonly args: { readonly memberId: string };
    readonly result: { readonly epoch: number; readonly eventId: Uint8Array; readonly bundle: Uint8Array };
  };
  readonly rotate: {
    readonly args: Readonly<Record<never, never>>;
    readonly result: Controls['kick']['result'];
  };
  readonly seal: {
    readonly args: { readonly payload: Uint8Array };
    readonly result: { readonly message: Uint8Array };
  };
}

interface Control<A, R> {
  readonly args: Shape<A>;
  readonly result: Shape<R>;
  run(db: MeshDatabase, args: A): R;
}

type ControlTable = { readonly [N in keyof Controls]: Control<Controls[N]['args'], Controls[N]['result']> };

const role = oneOf('admin', 'member');

const change = items({ epoch: uint(), eventId: bytesOf(32), bundle: bytesUpTo(MAX_BUNDLE_BYTES) });

const CONTROLS: ControlTable = {
  invite: {
    args: items({
      expiresIn: nullable(uint()),
      urls: arrayOf(textOf({ min: 1, max: 1_024 }), { max: 8 }),
      certPins: arrayOf(bytesOf(32), { max: 8 }),
      open: nullable(role),
    }),
    result: items({ invite: textOf({ max: 2 * MAX_FRAME_BYTES }), inviteId: bytesOf(16), expires: uint() }),
    run: inviteWith,
  },
  approve: {
    args: items({ code: textOf({ max: 32 }), role }),
    result: items({ epoch: uint(), eventId: bytesOf(32), memberId: textOf({ max: 64 }) }),
    run: (db, { code, role: as }) => approveJoin(db, code, { role: as }),
  },
  decline: {
    args: items({ code: textOf({ max: 32 }) }),
    result: items({ memberId: textOf({ max: 64 }) }),
    run: (db, { code }) => declineJoin(db, code),
  },
  kick: {
    args: items({ memberId: textOf({ max: 64 }) }),
    result: change,
    run: (db, { memberId }) => kickMember(db, memberId),
  },
  rotate: { args: items({}), result: change, run: (db) => rotateEpoch(db) },
  seal: {
    args: items({ payload: bytesUpTo(MAX_FRAME_BYTES) }),
    result: items({ message: bytesUpTo(2 * MAX_FRAME_BYTES) }),
    run: (db, { payload }) => ({ message: sealGossip(db, payload) }),
  },
};

/**
 * Makes an invite, and opens it to whoever has it if it is to be.
 *
 * @throws as `createInvite`
 */
export function inviteWith(
  db: MeshDatabase,
  { expiresIn, urls, certPins, open }: Controls['invite']['args'],
): Controls['invite']['result'] {
  return db.transaction(() => {
    const made = createInvite(db, { urls, certPins, ...(expiresIn === null ? {} : { expiresIn }) });
    if (open !== null) openInviteToAll(db, made.inviteId, open);
    return made;
  });
}

const REQUEST = items({ kind: oneOf('control'), name: textOf({ max: 16 }), args: anyArgs() });

function anyArgs(): Shape<CborValue> {
  return { read: (value) => value, write: (value) => value };
}

/** Whether arguments of the path `push` are a control. */
export function isControl(args: CborValue): boolean {
  return Array.isArray(args) && args[0] === 'control';
}

/** What a control brought: its result, or why it brought none. Only this peer's own programs read it. */
const OUTCOME = items({ done: oneOf('done', 'failed'), result: anyArgs() });
const FAILURE = items({ code: textOf({ max: 64 }), message: textOf({ max: 1_024 }) });

/**
 * Does what a control asks. What it asks for and cannot be done is a result.
 *
 * @throws CodecError if it is no control
 */
export function runControl(db: MeshDatabase, request: CborValue): CborValue {
  const { name, args } = REQUEST.read(request, 'the control');
  if (!Object.hasOwn(CONTROLS, name)) throw new CodecError('the name of the control is not known');
  const control = CONTROLS[name as keyof Controls] as Control<unknown, unknown>;
  const read = control.args.read(args, 'the arguments of the control');
  try {
    return ['done', control.result.write(control.run(db, read))];
  } catch (error) {
    if (!(error instanceof MeshError)) throw error;
    return ['failed', [error.code, error.message.normalize().slice(0, 1_024)]];
  }
}

/** A control as arguments of the path `push`. */
export function writeControl<N extends keyof Controls>(name: N, args: Controls[N]['args']): CborValue {
  return ['control', name, (CONTROLS[name].args as Shape<Controls[N]['args']>).write(args)];
}

/**
 * What a control brought.
 *
 * @throws CodecError; MeshError as what was asked for does
 */
export function readControlResult<N extends keyof Controls>(name: N, value: CborValue): Controls[N]['result'] {
  const { done, result } = OUTCOME.read(value, 'the outcome of the control');
  if (done === 'failed') {
    const { code, message } = FAILURE.read(result, 'the failure of the control');
    throw new MeshError(code, message);
  }
  return (CONTROLS[name].result as Shape<Controls[N]['result']>).read(result, 'the result of the control');
}
