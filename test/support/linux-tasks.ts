/** Writes mm_structs and task_structs as a Linux kernel keeps them, at distances of one's choosing; knows nothing of how the product finds them. */

/** Bytes from the start of each structure. */
export interface KernelLayout {
  readonly pointerBytes: 4 | 8;
  /** Virtual address of machine address 0. */
  readonly directMap: bigint;
  readonly mm: { readonly bytes: number; readonly pgd: number };
  readonly task: { readonly bytes: number; readonly mm: number; readonly pid: number; readonly comm: number };
  /** `real_cred` and `cred` before `comm`: with a key's pointer between, or none at all, as before 2.6.29. */
  readonly creds: 'before' | 'before a key' | 'none';
}

/** Debian's 6.1 for amd64. */
export const AMD64_LAYOUT: KernelLayout = {
  pointerBytes: 8,
  directMap: 0xffff_8880_0000_0000n,
  mm: { bytes: 0x480, pgd: 0x48 },
  task: { bytes: 0x2600, mm: 0x8e0, pid: 0x9a0, comm: 0xba0 },
  creds: 'before a key',
};

/** Debian's 6.1 for PAE. */
export const PAE_LAYOUT: KernelLayout = {
  pointerBytes: 4,
  directMap: 0xc000_0000n,
  mm: { bytes: 0x240, pgd: 0x1c },
  task: { bytes: 0x1480, mm: 0x570, pid: 0x5f0, comm: 0x704 },
  creds: 'before a key',
};

export interface MadeTask {
  readonly pid: number;
  readonly tgid?: number;
  readonly name: string;
  /** Machine address of an mm_struct; none for a kernel thread. */
  readonly mm?: number;
  /** Of a kernel thread: the mm_struct that it borrows. */
  readonly borrowed?: number;
}

/** Puts structures into `bytes`, machine address 0 first, one after the other from `next` on. */
export class LinuxTasks {
  /** Where each task has its `mm`. */
  readonly made: { readonly mm: number }[] = [];
  readonly #view: DataView;
  #filler: number;

  constructor(
    readonly bytes: Uint8Array,
    readonly layout: KernelLayout,
    public next: number,
    seed = 1,
  ) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#filler = seed;
  }

  /** A process of one task. */
  process(root: number, pid: number, name: string): number {
    const mm = this.mm(root);
    this.task({ pid, name, mm });
    return mm;
  }

  /** An mm_struct that names a root; its machine address. */
  mm(root: number): number {
    const at = this.#take(this.layout.mm.bytes);
    this.#fill(at, this.layout.mm.bytes);
    this.pointer(at + this.layout.mm.pgd, root);
    return at;
  }

  /** A task_struct; its machine address. */
  task({ pid, tgid = pid, name, mm, borrowed }: MadeTask): number {
    const { task, pointerBytes } = this.layout;
    const at = this.#take(task.bytes);
    this.#fill(at, task.bytes);
    this.made.push({ mm: at + task.mm });
    this.pointer(at + task.mm, mm);
    this.pointer(at + task.mm + pointerBytes, mm ?? borrowed);
    this.#view.setInt32(at + task.pid, pid, true);
    this.#view.setInt32(at + task.pid + 4, tgid, true);
    this.#creds(at + task.comm);
    this.#registers(at + task.comm + 0x60);
    this.bytes.fill(0, at + task.comm, at + task.comm + 16);
    this.bytes.set(Uint8Array.from(name, (letter) => letter.charCodeAt(0)).subarray(0, 16), at + task.comm);
    return at;
  }

  /** Two equal pointers somewhere else, as a stack keeps them. */
  twins(target: number): void {
    const at = this.#take(64);
    this.pointer(at + 16, target);
    this.pointer(at + 16 + this.layout.pointerBytes, target);
  }

  #creds(comm: number): void {
    const { creds, pointerBytes } = this.layout;
    const end = creds === 'before a key' ? comm - pointerBytes : comm;
    if (end < comm) this.pointer(end, undefined);
    if (creds !== 'none') for (const at of [end - pointerBytes, end - 2 * pointerBytes]) this.pointer(at, 0x3_0000);
  }

  /** What a string function left in vector registers, which are kept behind the name: longer than any name. */
  #registers(at: number): void {
    const letter = '/hs'.charCodeAt(this.#draw() % 3);
    this.bytes.fill(letter, at, at + 15);
    this.bytes[at + 15] = 0;
  }

  /** Slab objects begin at a cache line. */
  #take(length: number): number {
    const at = this.next;
    this.next += Math.ceil(length / 64) * 64;
    if (this.next > this.bytes.length) throw new Error('the made memory is too small');
    return at;
  }

  /** What structures hold: pointers, flags, lists that point to themselves. No larger numbers: in few tasks they would pass for pids. */
  #fill(at: number, length: number): void {
    const step = this.layout.pointerBytes;
    for (let i = 0; i + step <= length; i += step) {
      const drawn = this.#draw();
      if (drawn % 4 === 0) this.pointer(at + i, drawn % this.bytes.length);
      else if (drawn % 4 === 1) this.pointer(at + i, at + i);
      else this.#word(at + i, BigInt((drawn >>> 4) % 2));
    }
  }

  /** A pointer into the direct map. */
  pointer(at: number, target: number | undefined): void {
    this.#word(at, target === undefined ? 0n : this.layout.directMap + BigInt(target));
  }

  #word(at: number, value: bigint): void {
    if (this.layout.pointerBytes === 8) this.#view.setBigUint64(at, value, true);
    else this.#view.setUint32(at, Number(value), true);
  }

  /** xorshift32. */
  #draw(): number {
    this.#filler ^= this.#filler << 13;
    this.#filler ^= this.#filler >>> 17;
    this.#filler ^= this.#filler << 5;
    return this.#filler >>> 0;
  }
}
