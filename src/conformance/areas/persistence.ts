/**
 * Persistence: a database is there again when it is opened again, wherever this runtime keeps it, and is nobody else's
 * meanwhile. In a folder that the program gave, else in IndexedDB, else in bytes that the program keeps.
 *
 * @module
 */
import { utf8 } from '../../bytes.js';
import {
  changePassphrase,
  initIdentity,
  loadIdentity,
  type MeshDatabase,
  meshStatus,
  type OpenDatabaseOptions,
  openDatabase,
  verifyHistory,
} from '../../index.js';
import { changeDataKey } from '../../store/secrets/change-passphrase.js';
import { newDataKey } from '../../store/secrets/data-key.js';
import { PASSPHRASE_COST, type PassphraseCost, passphraseKey } from '../../store/secrets/passphrase.js';
import type { Area } from '../area.js';
import { expectBytes, expectEqual, expectMeshRejection, expectThat } from '../expect.js';
import { toHex } from '../hex.js';
import { STORY_TIME } from '../story.js';

/** Somewhere a database stays. */
interface Place {
  open(options?: OpenDatabaseOptions): Promise<MeshDatabase>;
  /** Closes a database of this place, so that it can be opened again. */
  leave(db: MeshDatabase): Promise<void>;
  /** Whether a second writer finds the place taken. */
  readonly exclusive: boolean;
}

/** The least that a guess can cost, for checks of what a passphrase does and not of what it costs. */
const LEAST_COST: PassphraseCost = { memory: 8, passes: 1, lanes: 1 };

let places = 0;

/** A place that no check has used before. */
function newPlace(folder: string | null): Place {
  const name = `arborist-conformance-${performance.now()}-${places++}`;
  if (folder !== null) return storedPlace({ file: `${folder}/${name}.db` });
  if (typeof indexedDB !== 'undefined') return storedPlace({ indexedDB: name });
  return bytesPlace();
}

function storedPlace(where: OpenDatabaseOptions): Place {
  return {
    open: (options) => openDatabase({ now: () => STORY_TIME, ...where, ...options }),
    leave: async (db) => {
      await db.durable();
      db.close();
      await db.closed;
    },
    exclusive: true,
  };
}

function bytesPlace(): Place {
  let bytes: Uint8Array | undefined;
  return {
    open: (options) => openDatabase({ now: () => STORY_TIME, ...(bytes !== undefined && { bytes }), ...options }),
    leave: async (db) => {
      bytes = db.export();
      db.close();
    },
    exclusive: false,
  };
}

function found(db: MeshDatabase): Uint8Array {
  initIdentity(db, { groupName: 'orchard', memberId: 'ada' });
  return groupIdOf(db);
}

function groupIdOf(db: MeshDatabase): Uint8Array {
  const { group } = meshStatus(db);
  if (group === null) throw new Error('expected a group');
  return group.groupId;
}

/** Whether the bytes hold a secret anywhere, as they are. */
function holds(image: Uint8Array, secret: Uint8Array): boolean {
  return toHex(image).includes(toHex(secret));
}

/** See the module's header. */
export const PERSISTENCE: Area = {
  name: 'persistence',
  checks: [
    {
      name: 'what was written is there when the database is opened again',
      run: async ({ folder }) => {
        const place = newPlace(folder);
        const db = await place.open();
        const groupId = found(db);
        await place.leave(db);
        const again = await place.open();
        expectBytes('group id', groupIdOf(again), groupId);
        expectEqual('problems', verifyHistory(again).problems.join(), '');
        await place.leave(again);
      },
    },
    {
      name: 'one writer at a time: another one is refused, or has a copy of its own',
      run: async ({ folder }) => {
        const place = newPlace(folder);
        const db = await place.open();
        if (place.exclusive) {
          await expectMeshRejection('opening it twice', 'database-locked', () => place.open());
        } else {
          const copy = await place.open();
          expectEqual('group of the copy', meshStatus(copy).group, null);
          copy.close();
        }
        const groupId = found(db);
        expectBytes('group id', groupIdOf(db), groupId);
        await place.leave(db);
      },
    },
    {
      name: 'a damaged or foreign database is refused',
      run: async () => {
        const db = await openDatabase({ now: () => STORY_TIME });
        const image = db.export();
        db.close();
        await expectMeshRejection('noise', 'corrupt-database', () =>
          openDatabase({ bytes: new Uint8Array(8_192).fill(7) }),
        );
        const foreign = image.slice().fill(0, 68, 72);
        await expectMeshRejection('another application', 'corrupt-database', () => openDatabase({ bytes: foreign }));
        const damaged = image.slice().fill(0xff, 4_096);
        await expectMeshRejection('damaged pages', 'corrupt-database', () => openDatabase({ bytes: damaged }));
      },
    },
    {
      name: 'with a passphrase private keys are only there sealed, and only that passphrase opens them',
      run: async ({ folder }) => {
        const place = newPlace(folder);
        const db = await place.open();
        found(db);
        const identity = loadIdentity(db);
        if (identity === null) throw new Error('expected an identity');
        expectThat(holds(db.export(), identity.signPriv), 'an open key in a database without a passphrase');
        await changeDataKey(db, await newDataKey('correct horse', LEAST_COST));
        expectThat(!holds(db.export(), identity.signPriv), 'no signing key in the database');
        expectThat(!holds(db.export(), identity.dhPriv), 'no DH key in the database');
        await place.leave(db);
        await expectMeshRejection('without it', 'passphrase-required', () => place.open());
        await expectMeshRejection('a guess', 'wrong-passphrase', () => place.open({ passphrase: 'battery staple' }));
        const again = await place.open({ passphrase: 'correct horse' });
        expectBytes('signing key', loadIdentity(again)?.signPriv, identity.signPriv);
        await changePassphrase(again, { to: null });
        expectThat(holds(again.export(), identity.signPriv), 'an open key after the passphrase was removed');
        await place.leave(again);
      },
    },
    {
      name: 'a passphrase becomes the key that Argon2id makes of it, at the cost of every passphrase',
      run: async ({ record }) => {
        const key = await passphraseKey('password', utf8('somesalt16bytes!'), PASSPHRASE_COST);
        // Computed with the Argon2id of OpenSSL, for 32 MiB, three passes and one lane.
        expectBytes('key', key, '32fd1f9c37ebcb9378feeb250073cf4e93cbb4ba446931ae84bf92a8ca9349bb');
        record('key', key);
      },
    },
  ],
};
