/**
 * The secrets of one open database: sealed on their way into a row and opened on their way out, where the database has
 * a passphrase; as they are, where it has none.
 *
 * @module
 */
import { isBytes } from '../../bytes.js';
import { AuthenticationError, MeshError } from '../../errors.js';
import { openDataKey, type ProtectedKey } from './data-key.js';
import type { Passphrase } from './passphrase.js';
import { openValue, sealedLength, sealValue } from './sealed-value.js';
import { SECRET_BYTES, type SecretPlace } from './secret-columns.js';

/** `plain`: no passphrase; `locked`: it has one, and the key is not in memory; `unlocked`: it is. */
export type SecretState = 'plain' | 'locked' | 'unlocked';

/** What seals and opens the secrets of one database. */
export class Secrets {
  /** The data key as the database stores it; null where it has no passphrase. */
  #wrapped: unknown;
  #key: Uint8Array | null = null;

  /** @param wrapped the data key as the database stores it; null where it has no passphrase */
  constructor(wrapped: unknown) {
    this.#wrapped = wrapped;
  }

  /** Whether secrets can be read and written, and how they stand in the database. */
  get state(): SecretState {
    if (this.#wrapped === null) return 'plain';
    return this.#key === null ? 'locked' : 'unlocked';
  }

  /** @throws MeshError `secrets-locked` */
  requireOpen(): void {
    if (this.state === 'locked') {
      throw new MeshError('secrets-locked', 'the secrets of this database are locked; call db.unlock(passphrase)');
    }
  }

  /** @throws MeshError `no-passphrase` */
  #requirePassphrase(): void {
    if (this.#wrapped === null) throw new MeshError('no-passphrase', 'this database has no passphrase');
  }

  /**
   * A secret as it is to be stored.
   *
   * @param secret 32 bytes
   * @throws MeshError `secrets-locked`
   */
  seal(place: SecretPlace, secret: Uint8Array): Uint8Array {
    this.requireOpen();
    return this.#key === null ? secret : sealValue(this.#key, place, secret);
  }

  /**
   * A secret as it was before it was stored.
   *
   * @returns 32 bytes
   * @throws MeshError `secrets-locked`; `secret-damaged` if it was changed, or moved from another place
   */
  open(place: SecretPlace, stored: unknown): Uint8Array {
    this.requireOpen();
    const expected = this.#key === null ? SECRET_BYTES : sealedLength(SECRET_BYTES);
    if (!isBytes(stored) || stored.length !== expected) throw damaged(place);
    if (this.#key === null) return stored;
    try {
      return openValue(this.#key, place, stored);
    } catch (cause) {
      if (!(cause instanceof AuthenticationError)) throw cause;
      throw damaged(place, { cause });
    }
  }

  /**
   * Wipes the data key.
   *
   * @throws MeshError `no-passphrase`
   */
  lock(): void {
    this.#requirePassphrase();
    this.#wipe();
  }

  #wipe(): void {
    this.#key?.fill(0);
    this.#key = null;
  }

  /**
   * Takes the data key into memory.
   *
   * @throws InvalidInputError, CorruptDatabaseError
   * @throws MeshError `wrong-passphrase`, `no-passphrase`
   */
  async unlock(passphrase: Passphrase): Promise<void> {
    this.#requirePassphrase();
    const wrapped = this.#wrapped;
    const key = await openDataKey(passphrase, wrapped);
    // While the key was derived, another passphrase may have come.
    if (wrapped !== this.#wrapped) {
      key.fill(0);
      throw new MeshError('wrong-passphrase', 'the passphrase was changed meanwhile');
    }
    this.#wipe();
    this.#key = key;
  }

  /** Goes on under another data key, or under none. The one before is wiped. */
  adopt(next: ProtectedKey | null): void {
    this.#wipe();
    this.#wrapped = next?.wrapped ?? null;
    this.#key = next?.key ?? null;
  }

  /** Wipes the data key for good. */
  close(): void {
    this.#wipe();
  }
}

function damaged({ table, column }: SecretPlace, options?: ErrorOptions): MeshError {
  return new MeshError('secret-damaged', `a secret in ${table}.${column} was changed, or moved there`, options);
}
