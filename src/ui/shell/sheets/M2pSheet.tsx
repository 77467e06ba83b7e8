import './cards.css';
import { hex, virtualHex } from '#core/base/hex.ts';
import { pagingMode } from '#core/paging/modes.ts';
import type { AtlasSummary } from '#core/session/contract.ts';
import { useDesk } from '#ui/state/desk.ts';
import { CodeBlock } from './CodeBlock.tsx';
import { SheetFrame } from './SheetFrame.tsx';

/** How one reads Xen’s machine-to-physical table, with the numbers of the root in view (reference: Xen’s public/xen.h and asm/mm.h). */
export function M2pSheet() {
  const atlas = useDesk((desk) => desk.atlas);
  return (
    <SheetFrame title="How to read the M2P" wide>
      <div className="sheet-body">{atlas && <Card table={tableOf(atlas)} />}</div>
    </SheetFrame>
  );
}

/** The guest’s M2P, in words and as C reads it. */
interface M2pTable {
  readonly base: string;
  /** Undefined where no page of it is mapped: then only the layout is known. */
  readonly mapped: boolean;
  readonly width: 4 | 8;
  readonly example: { readonly frame: number; readonly at: string };
}

/** 64-bit guests read words of 8 bytes from FFFF800000000000; 32-bit ones words of 4. */
function tableOf({ regions, root }: AtlasSummary): M2pTable {
  const mode = pagingMode(root.mode);
  const width = mode.virtualBits === 32 ? 4 : 8;
  const region = regions.find((at) => at.name.startsWith('M2P') && at.mappedPages > 0);
  const firstPage = region?.firstPage ?? (width === 4 ? 0xf5800 : 0xffff800000000);
  const frame = Math.floor(root.address / 4096);
  const byte = frame * width;
  return {
    base: virtualHex(firstPage, 0, mode.virtualBits),
    mapped: region !== undefined,
    width,
    example: { frame, at: virtualHex(firstPage + Math.floor(byte / 4096), byte % 4096, mode.virtualBits) },
  };
}

function Card({ table }: { readonly table: M2pTable }) {
  const { base, width, example } = table;
  const all = 'ff'.repeat(width);
  const fill = '55'.repeat(width);
  return (
    <>
      <p>
        One {width}-byte word for each machine frame (MFN). The word is the frame’s number (PFN) inside the guest that owns it.
        {!table.mapped && ' None of it is mapped by this root: its address is the layout’s.'}
      </p>
      <dl className="kv card-facts">
        <dt>index</dt>
        <dd>the machine frame number, from 0; never a PFN, never a virtual address</dd>
        <dt>address</dt>
        <dd>
          <span className="n">{base}</span> + MFN × {width}
        </dd>
        <dt>example</dt>
        <dd>
          root <span className="n">{hex(example.frame)}</span>: <span className="n">{base}</span> + <span className="n">{hex(example.frame)}</span> ×{' '}
          {width} = <span className="n">{example.at}</span>
        </dd>
        <dt>valid</dt>
        <dd>
          bit {width * 8 - 1} is clear. <span className="n">{all}</span> is INVALID_M2P_ENTRY: no guest’s RAM. <span className="n">{fill}</span> is
          Xen’s boot-time fill (3.0–4.1): never given to a guest
        </dd>
        <dt>check</dt>
        <dd>
          <span className="n">P2M[M2P[m]] == m</span>. Xen 3.0 does not clear the word when a guest dies, so a stale one is normal: ask both ways, or
          call the frame foreign
        </dd>
        <dt>from dom0</dt>
        <dd>XENMEM_machphys_mfn_list gives the table’s own frames; map them of DOMID_XEN, read-only. Of the guest’s domain they are refused</dd>
        <dt>other way</dt>
        <dd>
          PFN to MFN is P2M, the guest’s own list at <span className="n">start_info.mfn_list</span>: that is what page tables are written with
        </dd>
      </dl>
      <CodeBlock name="In C" code={codeFor(table)} />
    </>
  );
}

function codeFor({ base, width }: M2pTable): string {
  const type = width === 4 ? 'uint32_t' : 'uint64_t';
  const address = width === 4 ? `0x${base}u` : `0x${base.replaceAll(' ', '')}ul`;
  return `/* MFN to this guest's PFN, or INVALID */
static const ${type} *const m2p = (const ${type} *)${address};
static const ${type} *p2m;      /* start_info->mfn_list */
static unsigned long nr_pages;      /* start_info->nr_pages */

${type} mfn_to_pfn(unsigned long mfn)
{
    ${type} pfn = m2p[mfn];         /* may fault beyond the last frame */

    if (pfn >> ${width * 8 - 1} || pfn >= nr_pages || p2m[pfn] != mfn)
        return ~(${type})0;         /* not ours: foreign, I/O or stale */
    return pfn;
}`;
}
