/**
 * The error family of the library. Every failure a caller can meet is a {@link MeshError} with a stable `code`; the
 * subclasses exist for those that programs commonly tell apart. A message names the argument and what was expected of
 * it, never key material.
 *
 * @module
 */

/** Base class of every error that this library throws on purpose. */
export class MeshError extends Error {
  /** A stable identifier, for programs: `invalid-input`, `not-authorized`, … */
  readonly code: string;

  /**
   * @param code stable identifier of the failure
   * @param message one line for people; no secrets
   * @param options `cause`, where another error led to this one
   */
  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
  }
}

/** An argument has the wrong type, length or range. Code `invalid-input`. */
export class InvalidInputError extends MeshError {
  constructor(message: string, options?: ErrorOptions) {
    super('invalid-input', message, options);
  }
}

/** A tag, signature or proof does not verify; nothing was released. Code `authentication-failed`. */
export class AuthenticationError extends MeshError {
  constructor(message: string, options?: ErrorOptions) {
    super('authentication-failed', message, options);
  }
}

/** Bytes from outside are not in the canonical profile or not of the expected shape. Code `codec`. */
export class CodecError extends MeshError {
  constructor(message: string, options?: ErrorOptions) {
    super('codec', message, options);
  }
}

/** The database already holds an identity. Code `identity-exists`. */
export class IdentityExistsError extends MeshError {
  constructor(message = 'this database already holds a mesh identity') {
    super('identity-exists', message);
  }
}

/** The mesh is switched off in this database. Code `mesh-disabled`. */
export class MeshDisabledError extends MeshError {
  constructor(message = 'the mesh is disabled in this database; call setEnabled(db, true) first') {
    super('mesh-disabled', message);
  }
}

/** The caller's member may not do this (role or rank). Code `not-authorized`. */
export class NotAuthorizedError extends MeshError {
  constructor(message: string, options?: ErrorOptions) {
    super('not-authorized', message, options);
  }
}

/** Somebody who is not (or not yet, or no longer) a member is involved. Code `not-a-member`. */
export class NotAMemberError extends MeshError {
  constructor(message: string, options?: ErrorOptions) {
    super('not-a-member', message, options);
  }
}

/** Another process holds the database file. Code `database-locked`. */
export class DatabaseLockedError extends MeshError {
  constructor(message: string, options?: ErrorOptions) {
    super('database-locked', message, options);
  }
}

/** The file is damaged, of another application or of a newer schema; it was not written to. Code `corrupt-database`. */
export class CorruptDatabaseError extends MeshError {
  constructor(message: string, options?: ErrorOptions) {
    super('corrupt-database', message, options);
  }
}

/** WebAssembly with SIMD is missing here, or a policy forbids to compile it. Code `wasm-unavailable`. */
export class WasmUnavailableError extends MeshError {
  constructor(message: string, options?: ErrorOptions) {
    super('wasm-unavailable', message, options);
  }
}
