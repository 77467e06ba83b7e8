import { bytesText, virtualHex } from '#core/base/hex.ts';
import { virtualPage } from '#core/memory/address.ts';
import { pagingMode } from '#core/paging/modes.ts';
import { type AtlasSummary, presentText, type Region, type Target } from '#core/session/contract.ts';
import { KIND_CLASS } from '#ui/kit/kind-class.ts';
import { useDesk } from '#ui/state/desk.ts';
import { JumpButton } from './JumpButton.tsx';
import { SheetFrame } from './SheetFrame.tsx';

/** Every region of the space, high to low, as Xen's own comment lists them: how much is reserved, and how much of it is there. */
export function RegionsSheet() {
  const atlas = useDesk((desk) => desk.atlas);
  if (!atlas) return null;
  return (
    <SheetFrame title={`Regions: ${atlas.layout.label}`} wide>
      <div className="sheet-body">
        <p>{atlas.layout.reasons.join('; ') || 'Nothing in this root speaks for a layout: regions are called by their make-up.'}</p>
        <RegionTable atlas={atlas} />
      </div>
    </SheetFrame>
  );
}

const PAGE_BYTES = 4096;

function RegionTable({ atlas }: { readonly atlas: AtlasSummary }) {
  const bits = pagingMode(atlas.root.mode).virtualBits;
  const isPae = bits === 32 && atlas.root.mode !== '32-bit';
  const hasBoth = atlas.regions.some(({ otherSize }) => otherSize !== undefined);
  return (
    <table className="sheet-table regions-table">
      <thead>
        <tr>
          <th>from</th>
          <th>to</th>
          <th>region</th>
          <th>whose</th>
          {hasBoth && <th className="r">{isPae ? 'SIZE' : 'PAE-SIZE'}</th>}
          <th className="r">{hasBoth && isPae ? 'PAE-SIZE' : 'SIZE'}</th>
          <th className="r">present</th>
          <th>rights</th>
        </tr>
      </thead>
      <tbody>
        {[...atlas.regions].reverse().map((region) => (
          <RegionRow key={region.firstPage} region={region} bits={bits} hasBoth={hasBoth} />
        ))}
      </tbody>
    </table>
  );
}

interface RegionRowProps {
  readonly region: Region;
  readonly bits: number;
  readonly hasBoth: boolean;
}

function RegionRow({ region, bits, hasBoth }: RegionRowProps) {
  const { firstPage, pageCount, mappedPages, name, why, rights, kind, side, reserved, otherSize } = region;
  const target: Target = { kind: 'virtual', address: { page: virtualPage(firstPage), offset: 0 } };
  return (
    <tr title={why}>
      <td>
        <JumpButton target={target} text={virtualHex(firstPage, 0, bits)} />
      </td>
      <td className="n">{virtualHex(firstPage + pageCount - 1, 0xfff, bits)}</td>
      <td className="regions-name">
        <i className={`sw ${KIND_CLASS[kind]}`} /> {name}
      </td>
      <td className="c">{side}</td>
      {hasBoth && <td className="n r">{otherSize === undefined ? '' : bytesText(otherSize * PAGE_BYTES)}</td>}
      <td className="n r">{reserved ? bytesText(pageCount * PAGE_BYTES) : ''}</td>
      <td className={mappedPages === 0 ? 'c r' : 'n r'}>{presentText(region)}</td>
      <td className="n">{rights}</td>
    </tr>
  );
}
