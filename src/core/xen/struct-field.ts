/** One field of a structure found in memory. */
export interface StructField {
  readonly name: string;
  /** Bytes from the structure's start. */
  readonly offset: number;
  readonly size: number;
  /** A number, exact below 2^53; or text. */
  readonly value: number | string;
  readonly meaning: string;
  /** Header it is described in. */
  readonly source: string;
}

/** A field as the header describes it, by width of the guest's word. */
export interface FieldRule {
  readonly name: string;
  readonly meaning: string;
  /** Offset and size for a 32-bit guest, and for a 64-bit one. Size above 8: text. Left out where that width lacks it. */
  readonly 4?: readonly [number, number];
  readonly 8?: readonly [number, number];
}

/** Fields that lie within the bytes. Numbers above 2^53 are rounded, as they are never valid here. */
export function readFields(bytes: Uint8Array, wordBytes: 4 | 8, rules: readonly FieldRule[], source: string): StructField[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return rules.flatMap(({ name, meaning, ...at }): StructField[] => {
    const [offset, size] = at[wordBytes] ?? [0, 0];
    if (size === 0 || offset + size > bytes.length) return [];
    return [{ name, offset, size, value: valueAt(view, offset, size), meaning, source }];
  });
}

function valueAt(view: DataView, offset: number, size: number): number | string {
  if (size === 1) return view.getUint8(offset);
  if (size === 4) return view.getUint32(offset, true);
  if (size === 8) return view.getUint32(offset, true) + view.getUint32(offset + 4, true) * 2 ** 32;
  return textAt(new Uint8Array(view.buffer, view.byteOffset + offset, size));
}

/** Latin-1 up to the first NUL. */
export function textAt(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) {
    if (byte === 0) break;
    text += String.fromCharCode(byte);
  }
  return text;
}

/** A number by its name; 0 where it is not there or is text. */
export function fieldNumber(fields: readonly StructField[], name: string): number {
  const value = fields.find((field) => field.name === name)?.value;
  return typeof value === 'number' ? value : 0;
}

/** A virtual address as a structure holds it. */
export interface GuestAddress {
  readonly low: number;
  readonly high: number;
}

/** An address by its field's name; 0 where the structure lacks it. */
export function addressField(bytes: Uint8Array, fields: readonly StructField[], name: string): GuestAddress {
  const field = fields.find((known) => known.name === name);
  if (!field) return { low: 0, high: 0 };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return { low: view.getUint32(field.offset, true), high: field.size === 8 ? view.getUint32(field.offset + 4, true) : 0 };
}
