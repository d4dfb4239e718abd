/** A group's life in one database, the secrets that it leaves there, and where a thief would find them. */
import fs from 'node:fs';
import { dirname, join as joinPath } from 'node:path';
import { concatBytes } from '../../src/bytes.js';
import { randomBytes } from '../../src/crypto/random.js';
import {
  createInvite,
  initIdentity,
  kickMember,
  loadIdentity,
  type MeshDatabase,
  openDatabase,
  openGossip,
  rotateEpoch,
  sealGossip,
  setEnabled,
} from '../../src/index.js';
import { SECRET_COLUMNS } from '../../src/store/secrets/secret-columns.js';
import { join } from '../mesh/support/peers.js';
import { toHex } from '../support/hex.js';

/** A message. */
export const OAK = new TextEncoder().encode('the oak is sound');

/** Every secret that the database can open, by where it stands. */
export function secretsOf(db: MeshDatabase): Map<string, Uint8Array> {
  const found = new Map<string, Uint8Array>();
  for (const { table, column, key } of SECRET_COLUMNS) {
    const rows = db.sql.all(`SELECT ${key} AS row, ${column} AS stored FROM ${table} WHERE ${column} IS NOT NULL`);
    for (const { row, stored } of rows) {
      const place = { table, column, row: row as number | Uint8Array };
      found.set(`${table} ${column} ${row}`, db.secrets.open(place, stored));
    }
  }
  return found;
}

/** The files beside a database, and those secrets of it that they show. */
export function exposed(file: string, secrets: ReadonlyMap<string, Uint8Array>): string[] {
  const shown: string[] = [];
  for (const name of fs.readdirSync(dirname(file))) {
    const content = fs.readFileSync(joinPath(dirname(file), name));
    for (const secret of secrets.values()) if (content.indexOf(toHex(secret), 0, 'hex') >= 0) shown.push(name);
  }
  return shown;
}

/** What a server keeps of the certificate that it made for itself. */
function keepCertificateKey(db: MeshDatabase): void {
  const key = db.secrets.seal({ table: 'mesh_certificate', column: 'private_key', row: 1 }, randomBytes(32));
  db.sql.run('INSERT OR IGNORE INTO mesh_certificate VALUES (1, zeroblob(1), ?, 0)', [key]);
}

/** A group life in one database: an invite that was used and one that is open, a kick, a rotation, messages. */
export async function live(db: MeshDatabase): Promise<void> {
  if (loadIdentity(db) === null) initIdentity(db, { groupName: 'orchard', memberId: 'ada' });
  setEnabled(db, true);
  const ben = await openDatabase();
  join(db, ben, 'ben');
  createInvite(db);
  keepCertificateKey(db);
  openGossip(db, sealGossip(ben, OAK));
  sealGossip(db, OAK);
  kickMember(db, 'ben');
  rotateEpoch(db);
  ben.close();
}

/** All of a database's bytes in the rows that hold secrets. */
export function storedSecrets(db: MeshDatabase): Uint8Array {
  const rows = [
    ...db.sql.all('SELECT sign_priv || dh_priv AS stored FROM mesh_identity'),
    ...db.sql.all('SELECT secret AS stored FROM mesh_secret ORDER BY event_id'),
    ...db.sql.all('SELECT secret AS stored FROM mesh_invite WHERE secret IS NOT NULL ORDER BY invite_id'),
  ];
  return concatBytes(...rows.map(({ stored }) => new TextEncoder().encode(String(stored))));
}
