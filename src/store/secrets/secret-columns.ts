/**
 * Which columns hold secrets. A value there is 32 bytes long where the database has no passphrase, and sealed where it
 * has one.
 *
 * @module
 */

/** A column of secrets, and the column whose value names the row. */
interface SecretColumn {
  readonly table: 'mesh_identity' | 'mesh_invite' | 'mesh_secret' | 'mesh_certificate';
  readonly column: 'sign_priv' | 'dh_priv' | 'secret' | 'private_key';
  /** The table's primary key. */
  readonly key: 'id' | 'invite_id' | 'event_id';
}

/** Every column of the schema that holds secrets. */
export const SECRET_COLUMNS: readonly SecretColumn[] = [
  { table: 'mesh_identity', column: 'sign_priv', key: 'id' },
  { table: 'mesh_identity', column: 'dh_priv', key: 'id' },
  { table: 'mesh_invite', column: 'secret', key: 'invite_id' },
  { table: 'mesh_secret', column: 'secret', key: 'event_id' },
  { table: 'mesh_certificate', column: 'private_key', key: 'id' },
];

/** Where one secret stands. */
export interface SecretPlace extends Pick<SecretColumn, 'table' | 'column'> {
  /** The value of the row's primary key. */
  readonly row: number | Uint8Array;
}

/** Bytes of a private key, an epoch secret or an invite secret. */
export const SECRET_BYTES = 32;
