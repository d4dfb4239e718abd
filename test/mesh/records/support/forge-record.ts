/** Records that the library would not make: a member's real keys, and whatever an attacker likes in the payload. */
import { type CborValue, encodeCbor } from '../../../../src/codec/cbor.js';
import { signFrame } from '../../../../src/codec/frame.js';
import { documentDigest, loadIdentity, type MeshDatabase, type MeshIdentity } from '../../../../src/index.js';
import { requireGroup } from '../../../../src/mesh/group.js';

/** The items of a payload by name, in their order. */
interface RecordItems {
  readonly groupId: CborValue;
  readonly uri: CborValue;
  readonly documentRoot: CborValue;
  readonly leafCount: CborValue;
  readonly contentLength: CborValue;
  readonly contentSha256: CborValue;
  readonly canonicalization: CborValue;
  readonly chunker: CborValue;
  readonly chunkerParams: CborValue;
  readonly createdAt: CborValue;
}

/** What to forge; everything else is as an honest author would make it. */
export interface RecordForgery extends Partial<RecordItems> {
  readonly content?: Uint8Array;
  /** Whose record it says it is; the database's own member where absent. */
  readonly mid?: Uint8Array;
  /** Whose key signs; the database's own member's where absent. */
  readonly signPriv?: Uint8Array;
  readonly type?: string;
  /** Makes the payload from the items. */
  readonly encode?: (items: readonly CborValue[]) => Uint8Array;
}

/** The member instance of the database's own member, whatever became of it since. */
export function ownMid(db: MeshDatabase): Uint8Array {
  const { signPub } = requireGroup(db).identity;
  return db.sql.get('SELECT mid FROM mesh_roster WHERE sign_pub = ?', [signPub])?.mid as Uint8Array;
}

/** The frame of a record that the database's member signs, without asking the library whether it may. */
export function forgeRecord(db: MeshDatabase, forgery: RecordForgery = {}): Uint8Array {
  const { content = new TextEncoder().encode('the oak is sound'), mid, signPriv, type, encode, ...items } = forgery;
  const { documentRoot, leafCount, contentLength, contentSha256 } = documentDigest(content, {
    chunker: { name: 'fixed/1', size: 4 },
  });
  const honest: RecordItems = {
    groupId: requireGroup(db).id,
    uri: 'urn:oak',
    documentRoot,
    leafCount,
    contentLength,
    contentSha256,
    canonicalization: 'text-nfc-lf/1',
    chunker: 'fixed/1',
    chunkerParams: [4],
    createdAt: db.now(),
  };
  const key = signPriv ?? (loadIdentity(db) as MeshIdentity).signPriv;
  const payload = (encode ?? encodeCbor)(Object.values({ ...honest, ...items }));
  return signFrame(type ?? 'record', mid ?? ownMid(db), key, payload).bytes;
}
