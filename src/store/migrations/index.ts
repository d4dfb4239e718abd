/**
 * The schema's history. Version n of the schema is what the first n migrations make of an empty database; SQLite keeps
 * the number in `PRAGMA user_version`. A published migration is never changed: the next one corrects it.
 *
 * @module
 */
import { MEMBERSHIP_SCHEMA } from './001-membership.js';
import { PRUNING_SCHEMA } from './002-pruning.js';
import { RECORDS_SCHEMA } from './003-records.js';
import { SEALED_SECRETS_SCHEMA } from './004-sealed-secrets.js';
import { WIRE_SCHEMA } from './005-wire.js';

/** SQL scripts; the one at index n leads from version n to n + 1. */
export const MIGRATIONS: readonly string[] = [
  MEMBERSHIP_SCHEMA,
  PRUNING_SCHEMA,
  RECORDS_SCHEMA,
  SEALED_SECRETS_SCHEMA,
  WIRE_SCHEMA,
];
