/**
 * The bytes under the roster hash of a group that grows member by member: CBOR entries in the order of their signing keys.
 *
 * @module
 */

/** Space that a member's entry takes at most. */
const MOST_ENTRY_BYTES = 160;
/** Space for the head of the array, which is written right before the entries. */
const HEAD_BYTES = 3;

/** A roster that only grows. */
export class GrowingRoster {
  /** @type {{ signPub: Uint8Array, length: number }[]} */
  #entries = [];
  #bytes = new Uint8Array(HEAD_BYTES + 16 * MOST_ENTRY_BYTES);
  #end = HEAD_BYTES;

  get count() {
    return this.#entries.length;
  }

  /**
   * @param {Uint8Array} signPub
   * @param {Uint8Array} entry the member as its roster entry is encoded
   */
  add(signPub, entry) {
    if (this.#end + entry.length > this.#bytes.length) this.#grow();
    const at = this.#placeOf(signPub);
    const start = this.#entries.slice(0, at).reduce((sum, { length }) => sum + length, HEAD_BYTES);
    this.#bytes.copyWithin(start + entry.length, start, this.#end);
    this.#bytes.set(entry, start);
    this.#end += entry.length;
    this.#entries.splice(at, 0, { signPub, length: entry.length });
  }

  /** The array of all entries; a view that the next `add` changes. */
  encoded() {
    const head = arrayHead(this.count);
    const start = HEAD_BYTES - head.length;
    this.#bytes.set(head, start);
    return this.#bytes.subarray(start, this.#end);
  }

  #grow() {
    const larger = new Uint8Array(2 * this.#bytes.length);
    larger.set(this.#bytes);
    this.#bytes = larger;
  }

  /** @param {Uint8Array} signPub */
  #placeOf(signPub) {
    let [low, high] = [0, this.count];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (isBefore(this.#entries[middle]?.signPub ?? signPub, signPub)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/**
 * The head of a CBOR array of fewer than 65,536 items.
 *
 * @param {number} length
 */
function arrayHead(length) {
  if (length < 24) return Uint8Array.of(0x80 | length);
  if (length < 256) return Uint8Array.of(0x98, length);
  return Uint8Array.of(0x99, length >> 8, length & 0xff);
}

/**
 * @param {Uint8Array} a
 * @param {Uint8Array} b of the same length
 */
function isBefore(a, b) {
  const differing = a.findIndex((byte, position) => byte !== b[position]);
  return differing >= 0 && (a[differing] ?? 0) < (b[differing] ?? 0);
}
