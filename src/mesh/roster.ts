/**
 * The roster: who is a member after an event. It is a value; adding and removing give a new one, so that the rosters of
 * neighbouring events share their members.
 *
 * @module
 */
import { compareBytes, concatBytes, equalBytes } from '../bytes.js';
import { encodeCbor } from '../codec/cbor.js';
import { labelHash } from '../codec/labels.js';
import { byteKey } from './byte-key.js';

/** What a member may do: admins change the roster, members gossip. */
export type Role = 'admin' | 'member';

/** One instance of a member, from the event that added it to the one that removes it. Coming back makes a new one. */
export interface MeshRosterEntry {
  /** The name the member chose: 1 to 64 bytes of UTF-8; unique within a roster. */
  readonly memberId: string;
  /** 32 bytes: the member instance id, which is the id of the event that added it. */
  readonly mid: Uint8Array;
  /** 32 bytes: the Ed25519 public key. */
  readonly signPub: Uint8Array;
  /** 32 bytes: the X25519 public key that epoch secrets are wrapped to. */
  readonly dhPub: Uint8Array;
  readonly role: Role;
  /** The epoch of the event that added it. */
  readonly sinceEpoch: number;
}

/**
 * What is hashed of a member: `[sign_pub, dh_pub, member_id, role]`. Not the `mid`: an event cannot contain its own id.
 */
function encodeEntry({ signPub, dhPub, memberId, role }: MeshRosterEntry): Uint8Array {
  return encodeCbor([signPub, dhPub, memberId, role]);
}

/** Each instance's encoding, made once: a roster hash at a thousand members is then little more than its SHA-256. */
const encodedEntries = new WeakMap<MeshRosterEntry, Uint8Array>();

function encodedEntry(member: MeshRosterEntry): Uint8Array {
  let encoded = encodedEntries.get(member);
  if (encoded === undefined) {
    encoded = encodeEntry(member);
    encodedEntries.set(member, encoded);
  }
  return encoded;
}

/** The CBOR head of an array of `length` elements (RFC 8949 §3, major type 4, shortest form). */
function arrayHead(length: number): Uint8Array {
  if (length < 24) return Uint8Array.of(0x80 | length);
  if (length < 0x100) return Uint8Array.of(0x98, length);
  return Uint8Array.of(0x99, length >> 8, length & 0xff);
}

/** The members after an event. Immutable. */
export class Roster {
  /** Ordered by `signPub`. */
  readonly members: readonly MeshRosterEntry[];
  #hash: Uint8Array | undefined;

  /** @param members ordered by `signPub`, with keys and ids unique */
  constructor(members: readonly MeshRosterEntry[]) {
    this.members = members;
  }

  /** `roster_hash`: 32 bytes over the entries in order. */
  get hash(): Uint8Array {
    this.#hash ??= labelHash(
      'arborist-mesh/1 roster',
      concatBytes(arrayHead(this.members.length), ...this.members.map(encodedEntry)),
    );
    return this.#hash;
  }

  /** This roster and the member, whose keys and id are unique in it. */
  with(member: MeshRosterEntry): Roster {
    const at = this.members.findIndex((other) => compareBytes(other.signPub, member.signPub) > 0);
    return new Roster(this.members.toSpliced(at < 0 ? this.members.length : at, 0, member));
  }

  /** This roster without the instance. */
  without(mid: Uint8Array): Roster {
    return new Roster(this.members.filter((member) => !equalBytes(member.mid, mid)));
  }

  /**
   * This roster without some instances and with others: for a walk over many events.
   *
   * @param gone keys (`byteKey`) of the mids that leave
   */
  exchange(gone: ReadonlySet<string>, come: readonly MeshRosterEntry[]): Roster {
    const stay = this.members.filter(({ mid }) => !gone.has(byteKey(mid)));
    return new Roster([...stay, ...come].sort((a, b) => compareBytes(a.signPub, b.signPub)));
  }

  /** The member with this instance id. */
  byMid(mid: Uint8Array): MeshRosterEntry | null {
    return this.members.find((member) => equalBytes(member.mid, mid)) ?? null;
  }

  /** The member with this signing key. */
  bySignPub(signPub: Uint8Array): MeshRosterEntry | null {
    return this.members.find((member) => equalBytes(member.signPub, signPub)) ?? null;
  }

  /** The member with this DH key. */
  byDhPub(dhPub: Uint8Array): MeshRosterEntry | null {
    return this.members.find((member) => equalBytes(member.dhPub, dhPub)) ?? null;
  }

  /** The member of this name. */
  byMemberId(memberId: string): MeshRosterEntry | null {
    return this.members.find((member) => member.memberId === memberId) ?? null;
  }
}
