/**
 * The secrets of a database that is being opened: with its passphrase, locked, or plain.
 *
 * @module
 */
import { MeshError } from '../../errors.js';
import type { Connection } from '../connection.js';
import { newDataKey } from './data-key.js';
import { PASSPHRASE_COST, type Passphrase } from './passphrase.js';
import { Secrets } from './secrets.js';

/** Where `meta` keeps the wrapped data key. */
export const DATA_KEY = 'data_key';

/** How a database is opened. */
interface OpenSecretsOptions {
  readonly passphrase?: Passphrase | undefined;
  /** Whether a database with a passphrase is opened without it. */
  readonly locked?: boolean | undefined;
  /** Names the database in an error's message. */
  readonly name: string;
}

/**
 * The secrets of a database that was just made; its passphrase becomes the one given.
 *
 * @throws InvalidInputError if the passphrase is not as it must be
 */
export async function newSecrets(connection: Connection, passphrase: Passphrase | undefined): Promise<Secrets> {
  const secrets = new Secrets(null);
  if (passphrase === undefined) return secrets;
  const dataKey = await newDataKey(passphrase, PASSPHRASE_COST);
  connection.run('INSERT INTO meta (key, value) VALUES (?, ?)', [DATA_KEY, dataKey.wrapped]);
  secrets.adopt(dataKey);
  return secrets;
}

/**
 * The secrets of a database that exists. Writes nothing.
 *
 * @throws InvalidInputError, CorruptDatabaseError
 * @throws MeshError `wrong-passphrase`; `passphrase-required`; `no-passphrase` if one is given for a database without:
 *   whoever expects secrets to be sealed must learn that they are not
 */
export async function openSecrets(
  connection: Connection,
  { passphrase, locked = false, name }: OpenSecretsOptions,
): Promise<Secrets> {
  const wrapped = connection.get('SELECT value FROM meta WHERE key = ?', [DATA_KEY])?.value ?? null;
  const secrets = new Secrets(wrapped);
  if (passphrase !== undefined) {
    if (wrapped === null) {
      throw new MeshError('no-passphrase', `${name} has no passphrase: open it without, and set one if you want`);
    }
    await secrets.unlock(passphrase);
  } else if (wrapped !== null && !locked) {
    throw new MeshError('passphrase-required', `${name} has a passphrase: give it, or open the database locked`);
  }
  return secrets;
}
