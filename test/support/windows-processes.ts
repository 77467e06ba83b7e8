/** Writes process objects as Windows kernels keep them; knows nothing of how the product finds them. Offsets: the public symbols of each version. */

export interface WindowsLayout {
  readonly pointerBytes: 4 | 8;
  /** Bytes from the start of EPROCESS. */
  readonly directoryTableBase: number;
  readonly uniqueProcessId: number;
  readonly imageFileName: number;
  /** Of ImageFileName; a byte with the priority follows where it is 15. */
  readonly nameBytes: 15 | 16;
}

export const WINDOWS: Readonly<Record<string, WindowsLayout>> = {
  'XP, 32-bit': { pointerBytes: 4, directoryTableBase: 0x18, uniqueProcessId: 0x84, imageFileName: 0x174, nameBytes: 16 },
  '7, 32-bit': { pointerBytes: 4, directoryTableBase: 0x18, uniqueProcessId: 0xb4, imageFileName: 0x16c, nameBytes: 15 },
  '7, 64-bit': { pointerBytes: 8, directoryTableBase: 0x28, uniqueProcessId: 0x180, imageFileName: 0x2e0, nameBytes: 15 },
  '10 22H2': { pointerBytes: 8, directoryTableBase: 0x28, uniqueProcessId: 0x440, imageFileName: 0x5a8, nameBytes: 15 },
  '11 24H2': { pointerBytes: 8, directoryTableBase: 0x28, uniqueProcessId: 0x1d0, imageFileName: 0x338, nameBytes: 15 },
};

const OBJECT_BYTES = 0xa00;

/** Puts process objects into `bytes`, machine address 0 first, one after the other from `next` on, in pages mapped in any order. */
export class WindowsProcesses {
  readonly #view: DataView;
  #pages = 0x1_3579n;

  constructor(
    readonly bytes: Uint8Array,
    readonly layout: WindowsLayout,
    public next: number,
  ) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** A process object; its machine address. `cr3Bits`: what bits 11:0 of its base hold (PCID). */
  process(root: number, pid: number, name: string, cr3Bits = 0): number {
    const { pointerBytes, directoryTableBase, uniqueProcessId, imageFileName, nameBytes } = this.layout;
    const at = this.next;
    this.next += OBJECT_BYTES;
    this.bytes.fill(0, at, this.next);
    this.bytes.set([3, 0, 0xb6, 0], at);
    const list = at + directoryTableBase - 2 * pointerBytes;
    const self = this.#addressOf(list);
    this.#word(list, self);
    this.#word(list + pointerBytes, self);
    this.#word(at + directoryTableBase, BigInt(root + cr3Bits));
    this.#word(at + uniqueProcessId, BigInt(pid));
    for (const link of [1, 2]) this.#word(at + uniqueProcessId + link * pointerBytes, this.#addressOf(0x448));
    // As an owner's number is: the same, without links after it.
    this.#word(at + uniqueProcessId - 4 * pointerBytes, BigInt(pid));
    const letters = Uint8Array.from(name, (letter) => letter.charCodeAt(0)).subarray(0, nameBytes - 1);
    this.bytes.set(letters, at + imageFileName);
    if (nameBytes === 15) this.bytes[at + imageFileName + 15] = 2;
    return at;
  }

  /** Somewhere in the kernel's half, at the same place within a page. */
  #addressOf(place: number): bigint {
    this.#pages = (this.#pages * 7n + 0x61n) % 0x1_0000n;
    const base = this.layout.pointerBytes === 8 ? 0xffff_e000_0000_0000n : 0x8500_0000n;
    return base + this.#pages * 4096n + BigInt(place % 4096);
  }

  #word(at: number, value: bigint): void {
    if (this.layout.pointerBytes === 8) this.#view.setBigUint64(at, value, true);
    else this.#view.setUint32(at, Number(value), true);
  }
}
