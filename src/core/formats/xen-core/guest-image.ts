import { commas, hex } from '#core/base/hex.ts';
import type { Problem } from '#core/base/problem.ts';
import type { Task } from '#core/base/task.ts';
import type { OpenedDump, RootHint } from '#core/formats/format.ts';
import { machineAddress } from '#core/memory/address.ts';
import type { ByteSource } from '#core/memory/byte-source.ts';
import { createColumnImage } from '#core/memory/extent-image.ts';
import type { MemoryImage } from '#core/memory/memory-image.ts';
import { gatherP2m, NO_FRAME, type P2m } from '#core/xen/frame-numbers.ts';
import { findLandmarks } from '#core/xen/landmarks.ts';
import type { CoreNotes } from './core-notes.ts';
import { hvmMode } from './hvm-mode.ts';
import { type ExtraPage, pageColumns } from './page-columns.ts';
import type { PageIndex } from './page-index.ts';
import type { CoreSections, Section } from './sections.ts';
import { hvmRoot, pvRoots } from './vcpu-context.ts';
import type { Vcpus } from './vcpus.ts';

export interface GuestParts {
  readonly source: ByteSource;
  readonly sections: CoreSections & { readonly pages: Section };
  readonly guest: CoreNotes;
  readonly index: PageIndex;
  readonly vcpus: Vcpus;
  readonly task: Task;
}

type GuestImage = Pick<OpenedDump, 'image' | 'roots' | 'frameNumbers' | 'problems'>;

/** The guest's memory at its frames: machine frames of a PV guest, guest-physical ones of an HVM guest. */
export async function guestImage(parts: GuestParts): Promise<GuestImage> {
  return parts.guest.isHvm ? hvmImage(parts) : pvImage(parts);
}

async function hvmImage({ source, sections, index, vcpus }: GuestParts): Promise<GuestImage> {
  const size = Math.min(source.size, sections.pages.offset + sections.pages.fileBytes);
  const { columns, repeated } = pageColumns(index.pfns, sections.pages.offset, size);
  const image = createColumnImage(source, columns, () => undefined);
  const roots = await Promise.all(vcpus.list.map(async (vcpu) => hvmRoot(vcpu, await hvmMode(image, vcpu))));
  return { image, roots, problems: [...vcpus.problems, ...repeatedProblem(repeated)] };
}

async function pvImage(parts: GuestParts): Promise<GuestImage> {
  const { source, sections, index, vcpus } = parts;
  const gathered = gatherP2m(index.pfns, index.mfns);
  const frameNumbers: P2m = {
    mfns: gathered.mfns,
    count: gathered.count,
    source: 'the dump’s own index, section .xen_p2m',
    place: { kind: 'index', fileOffset: sections.p2m?.offset ?? 0, rows: gathered.rows },
  };
  const size = Math.min(source.size, sections.pages.offset + sections.pages.fileBytes);
  const { columns, repeated } = pageColumns(index.mfns, sections.pages.offset, size);
  const roots = vcpus.list.flatMap((vcpu) => pvRoots(vcpu, vcpus.mode));
  const image = createColumnImage(source, columns, whyAbsent);
  const shared = await sharedInfoPage(parts, image, frameNumbers, roots);
  return {
    image: shared ? createColumnImage(source, pageColumns(index.mfns, sections.pages.offset, size, [shared]).columns, whyAbsent) : image,
    roots,
    frameNumbers,
    problems: [...vcpus.problems, ...repeatedProblem(repeated), ...wildProblem(gathered.wild)],
  };
}

const whyAbsent = (address: number): string =>
  `MFN ${hex(Math.floor(address / 4096))} is not among this guest’s pages: Xen’s own, another domain’s, or a device’s`;

/** Pages before the root in which start_info lies when the tool stack builds a guest: xenstore and console pages stand between. */
const PAGES_BEFORE_ROOT = 64;

/** shared_info is Xen's page, so the index lacks it; start_info, which lies shortly before the boot tables, names its MFN. */
async function sharedInfoPage(
  { source, sections: { sharedInfo }, task }: GuestParts,
  image: MemoryImage,
  { mfns }: P2m,
  roots: readonly RootHint[],
): Promise<ExtraPage | undefined> {
  const root = roots[0];
  if (!sharedInfo || sharedInfo.offset + 4096 > source.size || !root) return undefined;
  const pfn = mfns.indexOf(Math.floor(root.address / 4096));
  if (pfn < 0) return undefined;
  const near = mfns.slice(Math.max(0, pfn - PAGES_BEFORE_ROOT), pfn).filter((mfn) => mfn !== NO_FRAME);
  const { startInfo } = await findLandmarks(image, near.reverse(), task);
  const frame = startInfo?.sharedInfoFrame;
  if (frame === undefined || frame >= NO_FRAME || image.locate(machineAddress(frame * 4096))) return undefined;
  return { frame, fileOffset: sharedInfo.offset };
}

function repeatedProblem(repeated: number): Problem[] {
  if (repeated === 0) return [];
  return [
    {
      kind: 'xen-core-frame-twice',
      text: `${commas(repeated)} rows of the index name a frame that an earlier row names: the first counts (the guest may have run while it was dumped).`,
      severity: 'note',
    },
  ];
}

function wildProblem(wild: number): Problem[] {
  if (wild === 0) return [];
  return [
    {
      kind: 'xen-core-pfn-wild',
      text: `${commas(wild)} rows of the index have a guest frame number far above the guest’s size; their pages are found by MFN only.`,
      severity: 'loss',
    },
  ];
}
