/**
 * Opens a database that lives in a browser: in IndexedDB, or in the origin private file system.
 *
 * @module
 */
import { InvalidInputError, MeshError } from '../../errors.js';
import { connectImage } from '../connect-image.js';
import { MeshDatabase } from '../database.js';
import { newLineage, resumeLineage } from '../lineage.js';
import { connectEmpty, migrate } from '../migrate.js';
import type { PlaceName } from '../place-name.js';
import type { Publisher } from '../publisher.js';
import { settleSecrets } from '../secrets/change-passphrase.js';
import { newSecrets, openSecrets } from '../secrets/open-secrets.js';
import type { Passphrase } from '../secrets/passphrase.js';
import type { Secrets } from '../secrets/secrets.js';
import type { SqlJs } from '../sql-js.js';
import type { SqlJsConnection } from '../sql-js-connection.js';
import type { BrowserPlace } from './place.js';

/** How a database in a browser is opened; see `OpenDatabaseOptions`. */
export interface OpenBrowserDatabaseOptions extends PlaceName {
  readonly readonly: boolean;
  readonly passphrase?: Passphrase | undefined;
  readonly locked?: boolean | undefined;
  readonly now: () => number;
  readonly onPublishFailure?: ((error: MeshError) => void) | undefined;
}

async function openPlace(options: OpenBrowserDatabaseOptions): Promise<BrowserPlace> {
  const { indexedDB, opfs, readonly, onPublishFailure = () => undefined } = options;
  if (indexedDB !== undefined) {
    const { openIndexedDbPlace } = await import('./indexeddb-place.js');
    return openIndexedDbPlace(indexedDB, { readonly, onPublishFailure });
  }
  if (opfs === undefined) throw new InvalidInputError('indexedDB or opfs must be given');
  const { openOpfsPlace } = await import('./opfs-place.js');
  return openOpfsPlace(opfs, { readonly, onPublishFailure });
}

/**
 * Opens a database in a browser, and makes it where there is none. A database that was made or brought up to date is on
 * disk when this resolves.
 *
 * @throws as `openDatabase` does
 */
export async function openBrowserDatabase(sqlJs: SqlJs, options: OpenBrowserDatabaseOptions): Promise<MeshDatabase> {
  const place = await openPlace(options);
  let connection: SqlJsConnection | undefined;
  let publisher: Publisher | undefined;
  let secrets: Secrets | undefined;
  try {
    const { name, image } = place;
    const { readonly, passphrase, locked, now } = options;
    if (image === null && readonly) throw new MeshError('no-such-file', `there is no such database: ${name}`);
    connection = image === null ? connectEmpty(sqlJs) : connectImage(sqlJs, image, name);
    const isOld = migrate(connection);
    secrets =
      image === null
        ? await newSecrets(connection, passphrase)
        : await openSecrets(connection, { passphrase, locked, name });
    if (readonly) connection.setReadonly();
    const marked = image === null ? null : await place.takeMark();
    const resumed = resumeLineage(connection, { resume: (token) => token === marked });
    const lineage = resumed ?? newLineage();
    publisher = place.publisher(connection);
    const mustPublish = !readonly && (image === null || isOld);
    if (mustPublish) {
      publisher.publish(lineage);
      await publisher.durable();
    }
    const recorded = resumed !== null || mustPublish;
    const db = new MeshDatabase({ connection, publisher, readonly, now, lineage, recorded, secrets });
    if (!readonly) await settleSecrets(db);
    return db;
  } catch (error) {
    secrets?.close();
    if (publisher === undefined) place.abandon();
    else publisher.close(false);
    connection?.close();
    throw error;
  }
}
