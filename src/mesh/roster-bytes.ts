/**
 * The bytes under a roster's hash: CBOR of an array of `[sign_pub, dh_pub, member_id, role]`, ordered by `sign_pub`. Rosters
 * of neighbouring events share all members but one or two, so the bytes of the last one are kept and changed in that
 * place: put together anew, those of ten thousand members took half as long as hashing them.
 *
 * @module
 */
import { encodeCbor } from '../codec/cbor.js';
import type { MeshRosterEntry } from './roster.js';

/** Space for the head of the array, which is written right before the entries. */
const HEAD_BYTES = 3;

/**
 * What is hashed of a member. Not the `mid`: an event cannot contain its own id.
 */
function encodeEntry({ signPub, dhPub, memberId, role }: MeshRosterEntry): Uint8Array {
  return encodeCbor([signPub, dhPub, memberId, role]);
}

/** Each instance's encoding, made once. */
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

const totalLength = (lengths: readonly number[]) => lengths.reduce((sum, length) => sum + length, 0);

/** The encoding of one roster after the other. */
export class RosterBytes {
  #members: readonly MeshRosterEntry[] = [];
  /** How many bytes each of them takes. */
  #lengths: number[] = [];
  #buffer = new Uint8Array(1024);
  #end = HEAD_BYTES;

  /** The array of the members' entries; a view that the next call changes. */
  encode(members: readonly MeshRosterEntry[]): Uint8Array {
    const before = this.#members;
    const shorter = Math.min(before.length, members.length);
    let same = 0;
    while (same < shorter && before[same] === members[same]) same++;
    let sameAtEnd = 0;
    const isSameAtEnd = (i: number) => before[before.length - 1 - i] === members[members.length - 1 - i];
    while (sameAtEnd < shorter - same && isSameAtEnd(sameAtEnd)) sameAtEnd++;
    this.#replace(same, before.length - sameAtEnd, members.slice(same, members.length - sameAtEnd).map(encodedEntry));
    this.#members = members;
    const head = arrayHead(members.length);
    const start = HEAD_BYTES - head.length;
    this.#buffer.set(head, start);
    return this.#buffer.subarray(start, this.#end);
  }

  /** Puts entries in place of those from index `from` to `to`. */
  #replace(from: number, to: number, entries: readonly Uint8Array[]): void {
    const start = HEAD_BYTES + totalLength(this.#lengths.slice(0, from));
    const goes = totalLength(this.#lengths.slice(from, to));
    const lengths = entries.map(({ length }) => length);
    const comes = totalLength(lengths);
    const end = this.#end + comes - goes;
    // The only step that could fail comes before anything is changed.
    if (end > this.#buffer.length) this.#grow(end);
    this.#buffer.copyWithin(start + comes, start + goes, this.#end);
    let at = start;
    for (const entry of entries) {
      this.#buffer.set(entry, at);
      at += entry.length;
    }
    this.#lengths = [...this.#lengths.slice(0, from), ...lengths, ...this.#lengths.slice(to)];
    this.#end = end;
  }

  #grow(needed: number): void {
    const larger = new Uint8Array(Math.max(needed, 2 * this.#buffer.length));
    larger.set(this.#buffer);
    this.#buffer = larger;
  }
}
