/**
 * The roster: who is a member after an event. It is a value; adding and removing give a new one, so that the rosters of
 * neighbouring events share their members.
 *
 * @module
 */
import { compareBytes, equalBytes } from '../bytes.js';
import { labelHash } from '../codec/labels.js';
import { InvalidInputError } from '../errors.js';
import { byteKey } from './byte-key.js';
import { RosterBytes } from './roster-bytes.js';

/** What a member may do: admins change the roster, members gossip. */
export type Role = 'admin' | 'member';

/** @throws InvalidInputError unless it is a role */
export function requireRole(role: unknown): void {
  if (role !== 'admin' && role !== 'member') throw new InvalidInputError("role must be 'admin' or 'member'");
}

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

/** The bytes of the roster that was hashed last, whichever group's it was. */
const lastHashed = new RosterBytes();

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
    this.#hash ??= labelHash('arborist-mesh/1 roster', lastHashed.encode(this.members));
    return this.#hash;
  }

  /** How many members' signing keys come before this one, itself included. */
  #placeBehind(signPub: Uint8Array): number {
    let [low, high] = [0, this.members.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (compareBytes((this.members[middle] as MeshRosterEntry).signPub, signPub) <= 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** This roster and the member, whose keys and id are unique in it. */
  with(member: MeshRosterEntry): Roster {
    return new Roster(this.members.toSpliced(this.#placeBehind(member.signPub), 0, member));
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
    const member = this.members[this.#placeBehind(signPub) - 1];
    return member !== undefined && equalBytes(member.signPub, signPub) ? member : null;
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
