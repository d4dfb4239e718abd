/**
 * What happens when, in the order of time: a binary heap.
 *
 * @module
 */

interface Entry {
  readonly time: number;
  /** Breaks ties by the order in which they were made, so that a run can be repeated. */
  readonly order: number;
  readonly happen: () => void;
}

const isBefore = (a: Entry, b: Entry) => a.time < b.time || (a.time === b.time && a.order < b.order);

/** A virtual clock, in milliseconds, and what is to happen. */
export class VirtualTime {
  readonly #heap: Entry[] = [];
  #made = 0;
  now = 0;

  /** Lets something happen after some milliseconds. */
  after(milliseconds: number, happen: () => void): void {
    const heap = this.#heap;
    let at = heap.push({ time: this.now + milliseconds, order: this.#made++, happen }) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!isBefore(heap[at] as Entry, heap[parent] as Entry)) break;
      this.#swap(at, parent);
      at = parent;
    }
  }

  /** Lets everything happen up to a point in time. */
  runUntil(end: number): void {
    for (let first = this.#heap[0]; first !== undefined && first.time <= end; first = this.#heap[0]) {
      this.#removeFirst();
      this.now = first.time;
      first.happen();
    }
    this.now = end;
  }

  #removeFirst(): void {
    const heap = this.#heap;
    const last = heap.pop() as Entry;
    if (heap.length === 0) return;
    heap[0] = last;
    let at = 0;
    for (;;) {
      const [left, right] = [2 * at + 1, 2 * at + 2];
      let least = at;
      if (left < heap.length && isBefore(heap[left] as Entry, heap[least] as Entry)) least = left;
      if (right < heap.length && isBefore(heap[right] as Entry, heap[least] as Entry)) least = right;
      if (least === at) return;
      this.#swap(at, least);
      at = least;
    }
  }

  #swap(a: number, b: number): void {
    const heap = this.#heap;
    [heap[a], heap[b]] = [heap[b] as Entry, heap[a] as Entry];
  }
}
