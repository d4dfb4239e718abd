/**
 * Where this database's own server listens, while it does: for programs on the same machine.
 *
 * @module
 */
import { base64urlDecode, base64urlEncode } from '../../codec/base64url.js';
import type { MeshDatabase } from '../../store/database.js';

const KEY = 'serving_at';

/** The address of a server on this machine. */
export interface ServingAt {
  readonly url: string;
  /** 32 bytes; null for plain HTTP. */
  readonly certPin: Uint8Array | null;
}

/** Notes where the server listens; null when it has ended. */
export function noteServingAt(db: MeshDatabase, at: ServingAt | null): void {
  if (at === null) db.sql.run('DELETE FROM meta WHERE key = ?', [KEY]);
  else {
    const value = `${at.url} ${at.certPin === null ? '' : base64urlEncode(at.certPin)}`;
    db.sql.run('INSERT INTO meta (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = ?2', [
      KEY,
      value,
    ]);
  }
}

/** Where the server listens, or listened when it was ended by force; null if it does not. */
export function servingAt(db: MeshDatabase): ServingAt | null {
  const value = db.sql.get('SELECT value FROM meta WHERE key = ?', [KEY])?.value;
  if (typeof value !== 'string') return null;
  const [url = '', pin = ''] = value.split(' ');
  return { url, certPin: pin === '' ? null : base64urlDecode(pin) };
}
