/**
 * This peer's identity: its two key pairs and its name, one for each database.
 *
 * @module
 */
import { labelHash } from '../codec/labels.js';
import { generateSigningKeypair } from '../crypto/ed25519.js';
import { generateDhKeypair } from '../crypto/x25519.js';
import type { MeshDatabase } from '../store/database.js';
import { crockfordBase32 } from './base32.js';

/** What everyone may know of this peer. */
export interface PublicIdentity {
  /** The name it chose: 1 to 64 bytes of UTF-8. */
  readonly memberId: string;
  /** 32 bytes. */
  readonly signPub: Uint8Array;
  /** 32 bytes. */
  readonly dhPub: Uint8Array;
  /** Empty until a welcome told a joiner. */
  readonly groupName: string;
  /** Seconds since the Unix epoch. */
  readonly createdAt: number;
}

/** Who this peer is. It holds private keys: not for logs. */
export interface MeshIdentity extends PublicIdentity {
  /** 32 bytes: the Ed25519 seed. Secret. */
  readonly signPriv: Uint8Array;
  /** 32 bytes: the X25519 scalar. Secret. */
  readonly dhPriv: Uint8Array;
}

/** A name for whoever chose none: `peer-` and 10 characters that follow from its signing key. */
function defaultMemberId(signPub: Uint8Array): string {
  return `peer-${crockfordBase32(labelHash('arborist-mesh/1 default name', signPub)).slice(0, 10).toLowerCase()}`;
}

/** Fresh keys with a name, not stored yet. */
export function newIdentity(db: MeshDatabase, memberId: string | undefined): MeshIdentity {
  const signing = generateSigningKeypair();
  const dh = generateDhKeypair();
  return {
    memberId: memberId ?? defaultMemberId(signing.publicKey),
    signPriv: signing.privateKey,
    signPub: signing.publicKey,
    dhPriv: dh.privateKey,
    dhPub: dh.publicKey,
    groupName: '',
    createdAt: db.now(),
  };
}

/** What everyone may know of this peer; null before it founded a group or asked to join one. */
export function loadPublicIdentity(db: MeshDatabase): PublicIdentity | null {
  const row = db.sql.get('SELECT member_id, sign_pub, dh_pub, group_name, created_at FROM mesh_identity WHERE id = 1');
  if (row === undefined) return null;
  return {
    memberId: row.member_id as string,
    signPub: row.sign_pub as Uint8Array,
    dhPub: row.dh_pub as Uint8Array,
    groupName: row.group_name as string,
    createdAt: row.created_at as number,
  };
}

const SIGN_PRIV = { table: 'mesh_identity', column: 'sign_priv', row: 1 } as const;
const DH_PRIV = { table: 'mesh_identity', column: 'dh_priv', row: 1 } as const;

/**
 * The Ed25519 seed of this peer, which has an identity; 32 bytes.
 *
 * @throws MeshError `secrets-locked`, `secret-damaged`
 */
export function loadSigningKey(db: MeshDatabase): Uint8Array {
  return db.secrets.open(SIGN_PRIV, db.sql.get('SELECT sign_priv FROM mesh_identity WHERE id = 1')?.sign_priv);
}

/**
 * The X25519 scalar of this peer, which has an identity; 32 bytes.
 *
 * @throws MeshError `secrets-locked`, `secret-damaged`
 */
export function loadDhKey(db: MeshDatabase): Uint8Array {
  return db.secrets.open(DH_PRIV, db.sql.get('SELECT dh_priv FROM mesh_identity WHERE id = 1')?.dh_priv);
}

/**
 * This peer's identity, with its private keys; null before it founded a group or asked to join one.
 *
 * @throws MeshError `secrets-locked`, `secret-damaged`
 */
export function loadIdentity(db: MeshDatabase): MeshIdentity | null {
  const identity = loadPublicIdentity(db);
  return identity === null ? null : { ...identity, signPriv: loadSigningKey(db), dhPriv: loadDhKey(db) };
}

/** The group that this peer belongs or belonged to: 32 bytes; null before founding or a welcome. */
export function loadGroupId(db: MeshDatabase): Uint8Array | null {
  return (
    (db.sql.get('SELECT group_id FROM mesh_identity WHERE id = 1')?.group_id as Uint8Array | null | undefined) ?? null
  );
}

/**
 * Stores the identity in place of what is there.
 *
 * @throws MeshError `secrets-locked`
 */
export function saveIdentity(db: MeshDatabase, identity: MeshIdentity, groupId: Uint8Array | null): void {
  db.sql.run(
    `INSERT INTO mesh_identity (id, member_id, sign_priv, sign_pub, dh_priv, dh_pub, group_id, group_name, created_at)
     VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET member_id = excluded.member_id, sign_priv = excluded.sign_priv,
       sign_pub = excluded.sign_pub, dh_priv = excluded.dh_priv, dh_pub = excluded.dh_pub,
       group_id = excluded.group_id, group_name = excluded.group_name`,
    [
      identity.memberId,
      db.secrets.seal(SIGN_PRIV, identity.signPriv),
      identity.signPub,
      db.secrets.seal(DH_PRIV, identity.dhPriv),
      identity.dhPub,
      groupId,
      identity.groupName,
      identity.createdAt,
    ],
  );
}
