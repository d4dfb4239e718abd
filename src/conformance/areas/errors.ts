/**
 * Errors: each class is thrown where it must be, with its code, a message that names what was wrong, and nothing secret.
 *
 * @module
 */
import { aeadDecrypt, useCoreModule, x25519 } from '../../crypto/index.js';
import {
  AuthenticationError,
  acceptWelcome,
  addMember,
  applyEvents,
  CodecError,
  CorruptDatabaseError,
  createInvite,
  DatabaseLockedError,
  IdentityExistsError,
  InvalidInputError,
  initIdentity,
  kickMember,
  type MeshDatabase,
  MeshDisabledError,
  MeshError,
  NotAMemberError,
  NotAuthorizedError,
  openDatabase,
  requestJoin,
  rotateEpoch,
  sealGossip,
  setEnabled,
  WasmUnavailableError,
} from '../../index.js';
import type { Area } from '../area.js';
import { expectEqual, expectMeshError, expectMeshRejection, expectThat } from '../expect.js';
import { toHex } from '../hex.js';

/** Fails unless the error is of the class, and is a `MeshError` and an `Error` as well. */
function expectClass(error: MeshError, type: new (message: string) => MeshError): void {
  expectThat(error instanceof type, `an error of class ${type.name}, got ${error.name}`);
  expectEqual('its name', error.name, type.name);
  expectThat(error instanceof MeshError && error instanceof Error, 'a MeshError');
  expectThat(error.message !== '' && !error.message.includes('\n'), 'a message of one line');
}

/** A founder and a plain member. */
async function openPair(): Promise<{ admin: MeshDatabase; member: MeshDatabase }> {
  const [admin, member] = [await openDatabase(), await openDatabase()];
  initIdentity(admin, { groupName: 'orchard', memberId: 'ada' });
  setEnabled(admin, true);
  const { request } = requestJoin(member, createInvite(admin).invite, { memberId: 'ben' });
  acceptWelcome(member, addMember(admin, request).welcome);
  setEnabled(member, true);
  return { admin, member };
}

/** See the module's header. */
export const ERRORS: Area = {
  name: 'errors',
  checks: [
    {
      name: 'an argument of the wrong type, length or range is an InvalidInputError that names it and shows no key',
      run: () => {
        const key = new Uint8Array(31).fill(0xa7);
        const error = expectMeshError('a short key', 'invalid-input', () => x25519(key, new Uint8Array(32)));
        expectClass(error, InvalidInputError);
        expectThat(error.message.includes('privateKey'), 'the name of the argument in the message');
        expectThat(!error.message.includes(toHex(key).slice(0, 8)), 'no key in the message');
      },
    },
    {
      name: 'a tag that does not verify is an AuthenticationError',
      run: () => {
        const open = () => aeadDecrypt(new Uint8Array(32), new Uint8Array(12), new Uint8Array(40));
        expectClass(expectMeshError('a forgery', 'authentication-failed', open), AuthenticationError);
      },
    },
    {
      name: 'bytes that are not canonical are a CodecError',
      run: async () => {
        const db = await openDatabase();
        expectClass(
          expectMeshError('noise', 'codec', () => requestJoin(db, Uint8Array.of(1, 2, 3))),
          CodecError,
        );
        db.close();
      },
    },
    {
      name: 'identities, roles and the switch have errors of their own, and what they refuse changes nothing',
      run: async () => {
        const { admin, member } = await openPair();
        const before = [toHex(admin.export()), toHex(member.export())].join();
        const again = () => initIdentity(admin, { groupName: 'another' });
        expectClass(expectMeshError('founding twice', 'identity-exists', again), IdentityExistsError);
        const rotate = () => rotateEpoch(member);
        expectClass(expectMeshError('a member rotates', 'not-authorized', rotate), NotAuthorizedError);
        const kick = () => kickMember(admin, 'nobody');
        expectClass(expectMeshError('kicking nobody', 'not-a-member', kick), NotAMemberError);
        expectEqual('databases', [toHex(admin.export()), toHex(member.export())].join(), before);
        setEnabled(admin, false);
        const seal = () => sealGossip(admin, new Uint8Array(1));
        expectClass(expectMeshError('switched off', 'mesh-disabled', seal), MeshDisabledError);
        admin.close();
        member.close();
      },
    },
    {
      name: 'bundles that are noise are refused one by one, without an exception',
      run: async () => {
        const { admin, member } = await openPair();
        const { results } = applyEvents(admin, [new Uint8Array(0), new Uint8Array(100).fill(0x81)]);
        expectEqual('outcomes', results.map(({ outcome }) => outcome).join(), 'refused,refused');
        admin.close();
        member.close();
      },
    },
    {
      name: 'what is no database is a CorruptDatabaseError, and a closed one says so',
      run: async () => {
        const error = await expectMeshRejection('noise', 'corrupt-database', () =>
          openDatabase({ bytes: new Uint8Array(1_000) }),
        );
        expectClass(error, CorruptDatabaseError);
        const db = await openDatabase();
        db.close();
        expectMeshError('closed', 'database-closed', () => db.sql.get('SELECT 1'));
      },
    },
    {
      name: 'the errors that need another program or a policy are exported, with their codes',
      run: () => {
        expectEqual('code', new DatabaseLockedError('held').code, 'database-locked');
        expectEqual('code', new WasmUnavailableError('forbidden').code, 'wasm-unavailable');
        const error = expectMeshError('no module', 'invalid-input', () => useCoreModule({} as WebAssembly.Module));
        expectClass(error, InvalidInputError);
      },
    },
  ],
};
