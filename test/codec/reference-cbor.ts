/**
 * An independent decoder of the CBOR profile, written from RFC 8949 alone and for clarity: it recurses, and knows nothing
 * of the library or of cborg. Undefined stands for refusal.
 */
export type ReferenceValue = bigint | string | boolean | null | Uint8Array | ReferenceValue[];

class Refused extends Error {}

export function referenceDecode(bytes: Uint8Array): ReferenceValue | undefined {
  let at = 0;
  const take = (count: bigint): Uint8Array => {
    if (BigInt(bytes.length - at) < count) throw new Refused();
    at += Number(count);
    return bytes.slice(at - Number(count), at);
  };
  const number = (info: number): bigint => {
    if (info < 24) return BigInt(info);
    const size = { 24: 1n, 25: 2n, 26: 4n, 27: 8n }[info];
    if (size === undefined) throw new Refused();
    const value = take(size).reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
    const least = { 24: 24n, 25: 1n << 8n, 26: 1n << 16n, 27: 1n << 32n }[info];
    if (least === undefined || value < least || value >= 1n << 53n) throw new Refused();
    return value;
  };
  const text = (encoded: Uint8Array): string => {
    const decoded = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(encoded);
    if (decoded.normalize('NFC') !== decoded || decoded.charCodeAt(0) === 0xfeff) throw new Refused();
    return decoded;
  };
  const item = (depth: number): ReferenceValue => {
    const [head] = take(1n);
    if (head === undefined) throw new Refused();
    const info = head % 32;
    switch ((head - info) / 32) {
      case 0:
        return number(info);
      case 2:
        return take(number(info));
      case 3:
        return text(take(number(info)));
      case 4: {
        const count = number(info);
        if (depth === 8) throw new Refused();
        const elements: ReferenceValue[] = [];
        for (let i = 0n; i < count; i++) elements.push(item(depth + 1));
        return elements;
      }
      case 7:
        if (info === 20 || info === 21) return info === 21;
        if (info === 22) return null;
    }
    throw new Refused();
  };
  try {
    const value = item(0);
    return at === bytes.length ? value : undefined;
  } catch {
    return undefined;
  }
}
