/**
 * Loading: the WebAssembly core and SQLite start in this runtime without any set-up.
 *
 * @module
 */
import { generateSigningKeypair, useCoreModule } from '../../crypto/index.js';
import { openDatabase } from '../../store/open-database.js';
import type { SqlJs } from '../../store/sql-js.js';
import type { Area } from '../area.js';
import { expectEqual, expectMeshError, expectMeshRejection, expectThat } from '../expect.js';

/** See the module's header. */
export const LOADING: Area = {
  name: 'loading',
  checks: [
    {
      name: 'the core starts, synchronously',
      run: () => {
        const { privateKey, publicKey } = generateSigningKeypair();
        expectEqual('length of a private key', privateKey.length, 32);
        expectEqual('length of a public key', publicKey.length, 32);
      },
    },
    {
      name: 'what is no WebAssembly module is refused as the core',
      run: () => {
        const empty = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]);
        expectMeshError('bytes', 'invalid-input', () => useCoreModule(empty as unknown as WebAssembly.Module));
      },
    },
    {
      name: 'SQLite starts, and a database in memory is exported and opened again',
      run: async () => {
        const db = await openDatabase();
        const image = db.export();
        db.close();
        const again = await openDatabase({ bytes: image });
        try {
          expectThat(again.file === null, 'a database in memory');
          expectEqual('integrity', again.sql.get('PRAGMA integrity_check')?.integrity_check, 'ok');
        } finally {
          again.close();
        }
      },
    },
    {
      name: 'what is no initialized sql.js is refused as SQLite',
      run: async () => {
        const sqlJs = { Database: 'no constructor' } as unknown as SqlJs;
        await expectMeshRejection('sqlJs', 'invalid-input', () => openDatabase({ sqlJs }));
      },
    },
  ],
};
