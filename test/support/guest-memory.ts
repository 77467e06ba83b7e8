import { SparseMemory } from './dump-builder.ts';
import { TableBuilder } from './table-builder.ts';

const FRAME = 4096;
/** Of ten frames: six of zeros, then noise, text, and pointers as heaps hold them. */
const KINDS = ['zero', 'zero', 'zero', 'zero', 'zero', 'zero', 'noise', 'text', 'pointers', 'pointers'] as const;
const TEXT = 'The quick brown fox jumps over the lazy dog. ';

/** xorshift32: the same numbers every time. */
function randomNumbers(): () => number {
  let state = 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
}

function fillFrame(bytes: Uint8Array, kind: (typeof KINDS)[number], random: () => number): void {
  const words = new Uint32Array(bytes.buffer, bytes.byteOffset, FRAME / 4);
  if (kind === 'noise') for (let i = 0; i < words.length; i++) words[i] = random();
  if (kind === 'text') for (let i = 0; i < FRAME; i++) bytes[i] = TEXT.charCodeAt(i % TEXT.length);
  if (kind === 'pointers')
    for (let i = 0; i < words.length; i += 2 + (random() % 8)) {
      words[i & ~1] = (random() & ~7) >>> 0;
      words[i | 1] = 0xffff_8880;
    }
}

/** A guest's memory as it is made up: zeros, noise, text, pointers, and so many PAE processes, whose roots stand side by side. The same every time. */
export function guestMemory({ mebibytes, processes }: { readonly mebibytes: number; readonly processes: number }): Uint8Array<ArrayBuffer> {
  const frames = mebibytes * 256;
  const bytes = new Uint8Array(frames * FRAME);
  const random = randomNumbers();
  for (let frame = 0; frame < frames; frame++)
    fillFrame(bytes.subarray(frame * FRAME, (frame + 1) * FRAME), KINDS[random() % KINDS.length] ?? 'zero', random);
  const memory = new SparseMemory();
  for (let process = 0; process < processes; process++) {
    const tables = new TableBuilder(memory, 'pae', { root: (frames / 16 + process) * FRAME, firstFrame: frames / 8 + process * 0x100 });
    for (let page = 0; page < frames / 4; page++) tables.map(BigInt(0xc000_0000 + page * FRAME), BigInt(page * FRAME), { flags: 0x63n });
    for (let page = 0; page < 64; page++) tables.map(BigInt(0x40_0000 + page * FRAME), BigInt((random() % frames) * FRAME));
  }
  for (const [frame, content] of memory.frames) bytes.set(content, frame * FRAME);
  return bytes;
}
