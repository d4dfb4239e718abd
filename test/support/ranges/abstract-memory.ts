/**
 * The memory of an abstract run: the sample run's bytes, and for those that the run has written what is known of them. Bytes of the argument
 * window that nobody has written since the call began are inputs: unknown. All others are constants of the module.
 *
 * @module
 */
import type { AbstractArithmetic, AbstractInteger, Width } from './abstract-integer.js';
import { halfOf, joined } from './lanes.js';

/** Little-endian memory of {@link AbstractInteger}s. */
export class AbstractMemory {
  /** The sample run's bytes. */
  readonly bytes: Uint8Array;
  readonly #view: DataView;
  readonly #arithmetic: AbstractArithmetic;
  readonly #window: { readonly start: number; readonly end: number };
  /** Values by the address at which they start; no two overlap. */
  readonly #values: (AbstractInteger | undefined)[] = [];

  constructor(bytes: Uint8Array, arithmetic: AbstractArithmetic, window: { start: number; end: number }) {
    this.bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#arithmetic = arithmetic;
    this.#window = window;
  }

  /** Declares the whole window an input again: JavaScript may have written to it. */
  forgetWindow(): void {
    for (let address = this.#window.start; address < this.#window.end; address++) this.#values[address] = undefined;
  }

  /** Sets a value without a check that it fits: an input of a proof. */
  put(address: number, value: AbstractInteger): void {
    this.#clear(address, value.width / 8);
    this.#write(address, value);
    this.#values[address] = value;
  }

  /** Whether a value of exactly this width starts at the address. */
  holds(address: number, width: Width): boolean {
    return this.#values[address]?.width === width;
  }

  /** The value of this width at the address. */
  load(address: number, width: Width): AbstractInteger {
    const exact = this.#values[address];
    if (exact?.width === width) return exact;
    const bits = this.#read(address, width);
    const part = this.#partOfOneValue(address, width);
    if (part !== null) return part;
    if (width === 64) {
      const [lower, upper] = [this.#values[address], this.#values[address + 4]];
      if (lower?.width === 32 && upper?.width === 32) return joined(this.#arithmetic, lower, upper);
    }
    if (this.#isConstant(address, width / 8)) return this.#arithmetic.constant(width, bits);
    return this.#arithmetic.anything(width, bits);
  }

  /** Writes a value, which must fit; from here on it is a symbol of its own. */
  store(address: number, value: AbstractInteger): void {
    const stored = this.#arithmetic.renamed(value, 'store');
    stored.difference = undefined;
    this.#clear(address, value.width / 8);
    this.#write(address, stored);
    if (!stored.isConstant || this.#inWindow(address)) this.#values[address] = stored;
  }

  /** Fills a region with a constant byte. */
  fill(address: number, byte: number, length: number): void {
    for (let i = 0; i < length; i++) this.store(address + i, this.#arithmetic.constant(8, BigInt(byte)));
  }

  /** Copies a region, value by value where whole values are copied. */
  copy(target: number, source: number, length: number): void {
    const pieces: { offset: number; value: AbstractInteger }[] = [];
    for (let offset = 0; offset < length; ) {
      const value = this.#values[source + offset] ?? this.load(source + offset, 8);
      const fits = offset + value.width / 8 <= length;
      const piece = fits ? value : this.load(source + offset, 8);
      pieces.push({ offset, value: piece });
      offset += piece.width / 8;
    }
    for (const { offset, value } of pieces) this.store(target + offset, value);
  }

  #inWindow(address: number): boolean {
    return address >= this.#window.start && address < this.#window.end;
  }

  #isConstant(address: number, length: number): boolean {
    for (let at = address; at < address + length; at++) {
      const value = this.#valueCovering(at);
      if (value === undefined ? this.#inWindow(at) : !value.value.isConstant) return false;
    }
    return true;
  }

  #valueCovering(address: number): { start: number; value: AbstractInteger } | undefined {
    for (let start = address; start > address - 8; start--) {
      const value = this.#values[start];
      if (value !== undefined) return start + value.width / 8 > address ? { start, value } : undefined;
    }
    return undefined;
  }

  /** Half of a 64-bit value, or the low byte of any. */
  #partOfOneValue(address: number, width: Width): AbstractInteger | null {
    const covering = this.#valueCovering(address);
    if (covering === undefined) return null;
    const { start, value } = covering;
    if (value.width === 64 && width === 32 && (address - start) % 4 === 0) {
      return halfOf(this.#arithmetic, value, address !== start, true);
    }
    return null;
  }

  /** Makes room: of values that are only partly overwritten, the rest becomes bytes. */
  #clear(address: number, length: number): void {
    for (let at = address - 7; at < address + length; at++) {
      const value = this.#values[at];
      const end = at + (value?.width ?? 0) / 8;
      if (value === undefined || end <= address) continue;
      this.#values[at] = undefined;
      for (let byte = at; byte < end; byte++) {
        if (byte >= address && byte < address + length) continue;
        const bits = BigInt(this.bytes[byte] ?? 0);
        this.#values[byte] = this.#arithmetic.opaque(8, bits, value);
      }
    }
  }

  #read(address: number, width: Width): bigint {
    if (width === 64) return this.#view.getBigUint64(address, true);
    if (width === 32) return BigInt(this.#view.getUint32(address, true));
    return BigInt(width === 16 ? this.#view.getUint16(address, true) : this.#view.getUint8(address));
  }

  #write(address: number, { width, bits }: AbstractInteger): void {
    if (width === 64) this.#view.setBigUint64(address, bits, true);
    else if (width === 32) this.#view.setUint32(address, Number(bits), true);
    else if (width === 16) this.#view.setUint16(address, Number(bits), true);
    else this.#view.setUint8(address, Number(bits));
  }
}
