import './cards.css';
import { Check, X } from 'lucide-react';
import { useState } from 'react';
import { hex, virtualHex } from '#core/base/hex.ts';
import { PAE_PDE_COUNT, RECURSIVE_PDES, type RecursiveMap, recursiveMap } from '#core/paging/recursive-map.ts';
import type { AtlasSummary, Questions } from '#core/session/contract.ts';
import { useDesk } from '#ui/state/desk.ts';
import { useQuestion } from '#ui/state/question.ts';
import { CodeBlock } from './CodeBlock.tsx';
import { acceptances, type Directories, entry64, hypervisorPage, planCode, slotState } from './plan.ts';
import { SheetFrame } from './SheetFrame.tsx';

/** FreeBSD’s and NetBSD’s: PTDPTDI 1532, BF800000. */
const USUAL_PDE = 1532;

/** What would be written to see this root’s tables as memory, whether the slots are free, who takes it, and the map that follows. */
export function PlanSheet() {
  const atlas = useDesk((desk) => desk.atlas);
  const key = `plan ${atlas?.root.mode} ${atlas?.root.address}`;
  const { value, stale } = useQuestion(key, (questions) => (atlas ? directoriesOf(questions, atlas) : undefined));
  const noPae = atlas && !atlas.root.mode.startsWith('pae');
  return (
    <SheetFrame title="Plan a recursive map" wide>
      <div className="sheet-body">
        {noPae && <p>The planner is for PAE roots; this one is not.</p>}
        {!noPae && !value && !stale && <p>It needs four page directories, and this root does not name four that the dump has.</p>}
        {atlas && value && <Planner atlas={atlas} directories={value} />}
      </div>
    </SheetFrame>
  );
}

async function directoriesOf(questions: Questions, { root }: AtlasSummary): Promise<Directories | undefined> {
  const [a, b, c, d] = await Promise.all([0, 1, 2, 3].map((slot) => questions.table(root, [slot], undefined, true)));
  return a && b && c && d ? [a, b, c, d] : undefined;
}

interface PlannerProps {
  readonly atlas: AtlasSummary;
  readonly directories: Directories;
}

function Planner({ atlas, directories }: PlannerProps) {
  const [typed, setTyped] = useState(String(USUAL_PDE));
  const firstPde = Number(typed);
  const isValid = /^\d+$/.test(typed) && firstPde % RECURSIVE_PDES === 0 && firstPde < PAE_PDE_COUNT;
  const [a, b, c, d] = directories;
  const map = isValid ? recursiveMap(firstPde, [a.frame, b.frame, c.frame, d.frame]) : undefined;
  return (
    <>
      <p>
        Four neighbouring PDEs that name the four page directories show every PTE of this root as memory. What one needs for them is P2M, the guest’s
        own list at <span className="n">start_info.mfn_list</span> (PFN to MFN), not the M2P.
      </p>
      <div className="plan-choice">
        <label htmlFor="plan-first">First of the four PDEs, 0–2044</label>
        <input id="plan-first" inputMode="numeric" value={typed} aria-invalid={!isValid} onChange={(event) => setTyped(event.target.value.trim())} />
        {typed !== String(USUAL_PDE) && (
          <button type="button" className="btn" onClick={() => setTyped(String(USUAL_PDE))}>
            {USUAL_PDE}, as FreeBSD and NetBSD
          </button>
        )}
        <span className="c">{isValid ? (firstPde === USUAL_PDE ? 'PTDPTDI of FreeBSD and NetBSD' : '') : 'a multiple of four, at most 2044'}</span>
      </div>
      {map && <Plan atlas={atlas} directories={directories} map={map} />}
    </>
  );
}

function Plan({ atlas, directories, map }: PlannerProps & { readonly map: RecursiveMap }) {
  const isXen = atlas.layout.id.startsWith('xen');
  return (
    <>
      <Entries directories={directories} map={map} />
      <Collision atlas={atlas} map={map} />
      <div className="plan-two">
        <ResultingMap map={map} />
        <section>
          <h3>Who takes it, read-only</h3>
          <Takers layoutId={atlas.layout.id} />
        </section>
      </div>
      <CodeBlock name="In C" code={planCode(map, directories, isXen)} />
    </>
  );
}

function Entries({ directories, map }: { readonly directories: Directories; readonly map: RecursiveMap }) {
  const holder = directories[map.directory];
  if (!holder) return null;
  return (
    <section>
      <h3>
        The four entries to write, in PD[{map.directory}], frame <span className="n">{hex(holder.frame)}</span>
      </h3>
      <table className="sheet-table">
        <thead>
          <tr>
            <th>slot</th>
            <th>machine address</th>
            <th>value</th>
            <th>names</th>
            <th>now</th>
          </tr>
        </thead>
        <tbody>
          {map.entries.map(({ slot, entryAddress, names, value }) => {
            const state = slotState(holder, slot);
            return (
              <tr key={slot}>
                <td className="n">{slot}</td>
                <td className="n">{hex(entryAddress)}</td>
                <td className="n">{entry64(value).slice(2)}</td>
                <td>PD[{names}], read-only</td>
                <td className={state.free === 'free' ? 'plan-yes' : state.free === 'taken' ? 'plan-no' : undefined}>{state.words}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}

function Collision({ atlas, map }: { readonly atlas: AtlasSummary; readonly map: RecursiveMap }) {
  const hole = hypervisorPage(atlas);
  const last = virtualHex(map.firstPage + map.pageCount - 1, 0xfff, 32);
  const span = `${virtualHex(map.firstPage, 0, 32)}–${last}`;
  if (hole === undefined) return null;
  const collides = map.firstPage + map.pageCount > hole;
  return (
    <p className="plan-line">
      {collides ? <X {...ICON} className="plan-no" /> : <Check {...ICON} className="plan-yes" />} <span className="n">{span}</span>{' '}
      {collides ? 'reaches into Xen’s part, where a guest’s updates are refused; it begins at ' : 'lies clear of Xen’s part, which begins at '}
      <span className="n">{virtualHex(hole, 0, 32)}</span>.
    </p>
  );
}

function ResultingMap({ map }: { readonly map: RecursiveMap }) {
  const rows = [
    ['PTmap', virtualHex(map.firstPage, 0, 32), 'PTE of VA: + (VA >> 12) × 8'],
    ['PTD', virtualHex(map.directoriesPage, 0, 32), 'PDE of VA: + (VA >> 21) × 8'],
    ['PTDpde', virtualHex(map.ownEntry.page, map.ownEntry.offset, 32), 'the first of the four entries'],
    ['end', virtualHex(map.firstPage + map.pageCount - 1, 0xfff, 32), '8 MB, a table a page'],
  ] as const;
  return (
    <section>
      <h3>The map that follows</h3>
      <table className="sheet-table">
        <tbody>
          {rows.map(([name, at, words]) => (
            <tr key={name}>
              <td>{name}</td>
              <td className="n">{at}</td>
              <td className="c">{words}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Takers({ layoutId }: { readonly layoutId: string }) {
  return (
    <table className="sheet-table">
      <tbody>
        {acceptances(layoutId).map(({ by, here, readOnly, words }) => (
          <tr key={by} className={here ? 'plan-here' : undefined}>
            <td>
              {by}
              {here && <span className="c plan-by">this one</span>}
            </td>
            <td>{readOnly ? <Yes /> : <No />}</td>
            <td className="c">{words}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const ICON = { size: 12, strokeWidth: 2.6, 'aria-hidden': true } as const;
const Yes = () => (
  <span className="plan-yes">
    <Check {...ICON} /> yes
  </span>
);
const No = () => (
  <span className="plan-no">
    <X {...ICON} /> no
  </span>
);
