import { commas, hex } from '#core/base/hex.ts';
import type { Problem } from '#core/base/problem.ts';
import type { Task } from '#core/base/task.ts';
import type { ByteSource } from '#core/memory/byte-source.ts';
import { createColumnImage } from '#core/memory/extent-image.ts';
import { CR4_PAE, has } from '#core/paging/control-registers.ts';
import type { PagingModeId } from '#core/paging/mode.ts';
import { unfoldCr3 } from '#core/xen/folded-cr3.ts';
import { Fields } from './fields.ts';
import type { DumpFormat, Glimpse, OpenedDump, Recognition, RootHint } from './format.ts';
import { stopped } from './stopped.ts';
import { HVM_MAGIC, PV_MAGIC } from './xen-core/core-notes.ts';
import { type ExtraPage, pageColumns } from './xen-core/page-columns.ts';
import { type PageIndex, readIndex } from './xen-core/page-index.ts';
import { contextBytes, hvmRoot, pvRoots, readContext, type VcpuContext } from './xen-core/vcpu-context.ts';

/** Memory of one Xen guest as `xm dump-core` of Xen 3.0.2 to 3.0.4 wrote it (tools/libxc/xc_core.c): six words, contexts, MFNs, pages. */
const xenCoreOld: DumpFormat = { id: 'xen-core-old', label: 'old Xen dump-core', recognise, open };
export default xenCoreOld;

interface OldHeader {
  readonly isHvm: boolean;
  readonly vcpus: number;
  readonly pages: number;
  readonly contextsAt: number;
  readonly indexAt: number;
  readonly pagesAt: number;
}

const HEADER_BYTES = 24;

function recognise({ head }: Glimpse): Recognition | undefined {
  const magic = new Fields(head).u32(0);
  if (magic !== PV_MAGIC && magic !== HVM_MAGIC) return undefined;
  return { certainty: 'magic', how: `begins ${magic === PV_MAGIC ? 'ed' : 'ee'} eb 0f f0, as xm dump-core of Xen 3.0.2 to 3.0.4 does` };
}

/** xc_core_header: magic, nr_vcpus, nr_pages, ctxt_offset, index_offset, pages_offset, 32 bits each. */
function parseHeader(bytes: Uint8Array): OldHeader | undefined {
  const fields = new Fields(bytes);
  const magic = fields.u32(0);
  if (bytes.length < HEADER_BYTES || (magic !== PV_MAGIC && magic !== HVM_MAGIC)) return undefined;
  const word = (index: number): number => fields.u32(index * 4);
  return { isHvm: magic === HVM_MAGIC, vcpus: word(1), pages: word(2), contextsAt: word(3), indexAt: word(4), pagesAt: word(5) };
}

async function open(source: ByteSource, task: Task): Promise<OpenedDump> {
  const header = parseHeader(await source.read(0, HEADER_BYTES));
  if (header === undefined)
    return stopped('xen-old-not-core', 'This is no core of xm dump-core from Xen 3.0.2 to 3.0.4: it does not begin with f00febed.');
  const wordBytes = await indexWord(source, header);
  if (wordBytes === undefined) return stopped('xen-old-header', headerText(header));
  const section = { offset: header.indexAt, fileBytes: header.pages * wordBytes, entryBytes: wordBytes };
  const index = await readIndex(source, section, { words: 1, wordBytes }, Math.ceil(source.size / wordBytes), task);
  const { columns, repeated } = pageColumns(index.mfns, header.pagesAt, source.size, noPages);
  if (columns.count === 0) return stopped('xen-old-no-memory', 'No page that its index names is in the file.');
  const image = createColumnImage(source, columns, () => undefined);
  const vcpus = await readVcpus(source, header);
  return {
    image,
    roots: vcpus.flatMap((vcpu) => rootsOf(vcpu, header, index)),
    frameWord: header.isHvm ? 'frame' : 'MFN',
    problems: wholeProblems(source, header, index, repeated, vcpus.length),
  };
}

const noPages: readonly ExtraPage[] = [];

/**
 * Native longs of the tool stack: the width at which the index, rounded up to a page, ends where the pages begin. Where both do, the
 * guest is small, and the high halves of 8-byte words are zero, as no guest's frame is MFN 0.
 */
async function indexWord(source: ByteSource, { pages, indexAt, pagesAt, contextsAt }: OldHeader): Promise<4 | 8 | undefined> {
  if (contextsAt < HEADER_BYTES || indexAt < contextsAt || pagesAt < indexAt || pagesAt % 4096 !== 0) return undefined;
  const fits = (bytes: 4 | 8): boolean => Math.ceil((indexAt + pages * bytes) / 4096) * 4096 === pagesAt;
  if (!fits(8)) return fits(4) ? 4 : undefined;
  if (!fits(4)) return 8;
  const words = new Fields(await source.read(indexAt, pages * 8));
  for (let row = 0; row < pages; row++) if (words.u32(row * 8 + 4) !== 0) return 4;
  return 8;
}

const headerText = ({ pages, indexAt, pagesAt }: OldHeader): string =>
  `Its header makes no sense: an index of ${commas(pages)} pages at byte ${commas(indexAt)}, whether of 4 or 8 bytes each, does not end where the pages begin (byte ${commas(pagesAt)}).`;

const MOST_VCPUS = 8192;

/** The size of a context is not in the file: it follows from where the index begins. */
async function readVcpus(source: ByteSource, { vcpus, contextsAt, indexAt }: OldHeader): Promise<VcpuContext[]> {
  const stride = Math.floor((indexAt - contextsAt) / Math.max(1, vcpus));
  const width = stride >= contextBytes(8) ? 8 : 4;
  if (stride < contextBytes(4)) return [];
  const count = Math.min(vcpus, MOST_VCPUS);
  const bytes = await source.read(contextsAt, count * stride);
  return Array.from({ length: count }, (_, at) => readContext(bytes.subarray(at * stride, (at + 1) * stride), at, width)).filter(
    (vcpu) => vcpu !== undefined,
  );
}

/** 32-bit guests: 3.0.3 folds CR3, 3.0.2 does not, and the file has no version: the reading whose MFN is in the index is right. */
function rootsOf(vcpu: VcpuContext, { isHvm }: OldHeader, index: PageIndex): readonly RootHint[] {
  const mode: PagingModeId = vcpu.wordBytes === 8 ? '4-level' : paeOf(vcpu) ? 'pae' : '32-bit';
  if (isHvm) return [hvmRoot(vcpu, mode)];
  const folded = unfoldCr3(vcpu.cr3);
  const plain = Math.floor(vcpu.cr3 / 4096);
  if (mode !== 'pae' || folded === plain || index.mfns.includes(folded)) return pvRoots(vcpu, mode);
  return pvRoots(vcpu, mode).map((root) => ({
    ...root,
    address: vcpu.cr3 - (vcpu.cr3 % 32),
    reason: `The CR3 field is ${hex(vcpu.cr3)}, taken as a plain address (Xen 3.0.2): unfolded it names no frame of the guest.`,
  }));
}

const paeOf = ({ cr4, cr3 }: VcpuContext): boolean => has(cr4, CR4_PAE) || cr3 % 4096 !== 0;

function wholeProblems(source: ByteSource, header: OldHeader, index: PageIndex, repeated: number, vcpus: number): Problem[] {
  const problems: Problem[] = [];
  const lost = header.pagesAt + header.pages * 4096 - source.size;
  const add = (kind: string, severity: Problem['severity'], text: string): void => void problems.push({ kind, severity, text });
  if (lost > 0) add('xen-old-cut', 'loss', `The file ends ${commas(lost)} bytes before its last page: it was cut short. What is there can be read.`);
  if (vcpus < header.vcpus)
    add('xen-old-vcpus-lost', 'loss', `The registers of ${commas(vcpus)} of ${commas(header.vcpus)} virtual CPUs can be read: give roots by hand.`);
  if (repeated > 0)
    add('xen-old-frame-twice', 'note', `${commas(repeated)} rows of the index name a frame that an earlier row names: the first counts.`);
  if (index.padding > 0) add('xen-old-no-frame', 'note', `${commas(index.padding)} rows of the index name no frame.`);
  return problems;
}
