/**
 * LEB128 integers and a reading position in a WebAssembly binary (core specification §5.2).
 *
 * @module
 */

/** Reads a binary from front to back. */
export class BinaryReader {
  readonly bytes: Uint8Array;
  /** Index of the next byte. */
  position = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  /** Whether nothing is left. */
  get done(): boolean {
    return this.position >= this.bytes.length;
  }

  /** The next byte. */
  byte(): number {
    const value = this.bytes[this.position++];
    if (value === undefined) throw new Error('the WebAssembly binary ends too early');
    return value;
  }

  /** The next `length` bytes. */
  take(length: number): Uint8Array {
    if (this.position + length > this.bytes.length) throw new Error('the WebAssembly binary ends too early');
    this.position += length;
    return this.bytes.subarray(this.position - length, this.position);
  }

  /** An unsigned integer of at most 32 bits. */
  unsigned(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.byte();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
  }

  /** A signed integer of at most 64 bits. */
  signed(): bigint {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = this.byte();
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asIntN(Number(shift) + 7, value);
    }
  }

  /** A vector: its length, then that many elements. */
  vector<Element>(element: () => Element): Element[] {
    return Array.from({ length: this.unsigned() }, element);
  }
}

/** An unsigned integer as LEB128. */
export function unsignedLeb(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return [...bytes, rest];
    bytes.push((rest % 128) + 128);
  }
}

/** A signed integer as LEB128. */
export function signedLeb(value: bigint): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>= 7n) {
    const low = Number(rest & 0x7fn);
    if (rest >= -64n && rest < 64n) return [...bytes, low];
    bytes.push(low + 128);
  }
}
