/** Little-endian fields at byte offsets. Past the end a field reads as 0, so that cut headers are judged by their values. */
export class Fields {
  readonly length: number;
  readonly #view: DataView;

  constructor(bytes: Uint8Array) {
    this.length = bytes.length;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  u8(offset: number): number {
    return offset + 1 <= this.length ? this.#view.getUint8(offset) : 0;
  }

  u16(offset: number): number {
    return offset + 2 <= this.length ? this.#view.getUint16(offset, true) : 0;
  }

  u32(offset: number): number {
    return offset + 4 <= this.length ? this.#view.getUint32(offset, true) : 0;
  }

  /** Above 2^53 the value is rounded: still far above every valid offset or machine address, so a range check refuses it. */
  u64(offset: number): number {
    return this.u32(offset) + this.u32(offset + 4) * 2 ** 32;
  }

  /** A word of the file's own width. */
  word(offset: number, bytes: 4 | 8): number {
    return bytes === 8 ? this.u64(offset) : this.u32(offset);
  }

  /** Bytes as Latin-1 text, up to the first NUL. */
  text(offset: number, length: number): string {
    let text = '';
    for (let at = offset; at < Math.min(offset + length, this.length); at++) {
      const code = this.u8(at);
      if (code === 0) break;
      text += String.fromCharCode(code);
    }
    return text;
  }
}

/** Whether bytes stand at an offset. `pattern` is Latin-1 text. */
export function hasText(bytes: Uint8Array, offset: number, pattern: string): boolean {
  if (offset + pattern.length > bytes.length) return false;
  for (let at = 0; at < pattern.length; at++) if (bytes[offset + at] !== pattern.charCodeAt(at)) return false;
  return true;
}

/** Whether Latin-1 text stands anywhere in the bytes. */
export function containsText(bytes: Uint8Array, pattern: string): boolean {
  const first = pattern.charCodeAt(0);
  for (let at = bytes.indexOf(first); at >= 0; at = bytes.indexOf(first, at + 1)) if (hasText(bytes, at, pattern)) return true;
  return false;
}
