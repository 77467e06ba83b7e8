import './cards.css';
import { Check, X } from 'lucide-react';
import { useState } from 'react';
import { bytesText, hex, virtualHex } from '#core/base/hex.ts';
import { type RecursiveMap, recursiveMap, recursivePlaces } from '#core/paging/recursive-map.ts';
import type { AtlasSummary } from '#core/session/contract.ts';
import { useDesk } from '#ui/state/desk.ts';
import { useQuestion } from '#ui/state/question.ts';
import { CodeBlock } from './CodeBlock.tsx';
import { acceptances, entryText, hypervisorPart, type PlanGround, planCode, planGround, slotState, usualPlace } from './plan.ts';
import { SheetFrame } from './SheetFrame.tsx';

/** What would be written to see this root’s tables as memory, whether the slots are free, who takes it, and the map that follows. */
export function PlanSheet() {
  const atlas = useDesk((desk) => desk.atlas);
  const key = `plan ${atlas?.root.mode} ${atlas?.root.address}`;
  const { value, stale } = useQuestion(key, (questions) => (atlas ? planGround(questions, atlas) : undefined));
  return (
    <SheetFrame title="Plan a recursive map" wide>
      <div className="sheet-body">
        {!value && !stale && <p>It needs the root table, in PAE all four page directories, and this dump lacks one of them.</p>}
        {atlas && value && <Planner key={key} atlas={atlas} ground={value} />}
      </div>
    </SheetFrame>
  );
}

interface PlannerProps {
  readonly atlas: AtlasSummary;
  readonly ground: PlanGround;
}

const isXens = ({ layout }: AtlasSummary): boolean => layout.isXens;

function Planner({ atlas, ground }: PlannerProps) {
  const { mode, tables } = ground;
  const places = recursivePlaces(mode);
  const usual = usualPlace(mode, isXens(atlas));
  const [typed, setTyped] = useState(String(usual));
  const first = Number(typed);
  const isValid = /^\d+$/.test(typed) && first % places.entries === 0 && first < places.count;
  const frames = tables.map(({ frame }) => frame);
  const map = isValid ? recursiveMap(mode, first, frames) : undefined;
  const last = places.count - places.entries;
  return (
    <>
      <p>
        {places.entries === 4
          ? 'Four neighbouring PDEs that name the four page directories show every PTE of this root as memory.'
          : `One entry of the ${tables[0]?.name} that names the ${tables[0]?.name} itself shows every entry of this root as memory.`}
        {isXens(atlas) && (
          <>
            {' '}
            What one needs for it is P2M, the guest’s own list at <span className="n">start_info.mfn_list</span> (PFN to MFN), not the M2P.
          </>
        )}
      </p>
      <div className="plan-choice">
        <label htmlFor="plan-first">{places.entries === 4 ? `First of the four PDEs, 0–${last}` : `Slot of the ${tables[0]?.name}, 0–${last}`}</label>
        <input id="plan-first" inputMode="numeric" value={typed} aria-invalid={!isValid} onChange={(event) => setTyped(event.target.value.trim())} />
        {typed !== String(usual) && (
          <button type="button" className="btn" onClick={() => setTyped(String(usual))}>
            {usual}, the usual place
          </button>
        )}
        <span className="c">{isValid ? '' : places.entries === 4 ? `a multiple of four, at most ${last}` : `a number up to ${last}`}</span>
      </div>
      {map && <Plan atlas={atlas} ground={ground} map={map} />}
    </>
  );
}

function Plan({ atlas, ground, map }: PlannerProps & { readonly map: RecursiveMap }) {
  return (
    <>
      <Entries ground={ground} map={map} />
      <Collision atlas={atlas} ground={ground} map={map} />
      <div className="plan-two">
        <ResultingMap ground={ground} map={map} />
        <section>
          <h3>Who takes it, read-only</h3>
          <Takers atlas={atlas} ground={ground} />
        </section>
      </div>
      <CodeBlock name="In C" code={planCode(map, ground, isXens(atlas))} />
    </>
  );
}

function Entries({ ground, map }: { readonly ground: PlanGround; readonly map: RecursiveMap }) {
  const { mode, tables } = ground;
  const holder = tables[map.holder];
  if (!holder) return null;
  return (
    <section>
      <h3>
        {map.entries.length === 1 ? 'The entry' : 'The four entries'} to write, in {holder.name}, frame <span className="n">{hex(holder.frame)}</span>
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
                <td className="n">{entryText(value, mode)}</td>
                <td>{tables[names]?.name}, read-only</td>
                <td className={state.free === 'free' ? 'plan-yes' : state.free === 'taken' ? 'plan-no' : undefined}>{state.words}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}

function Collision({ atlas, ground, map }: PlannerProps & { readonly map: RecursiveMap }) {
  const part = hypervisorPart(atlas, ground.mode);
  if (!part) return null;
  const { virtualBits } = ground.mode;
  const span = `${virtualHex(map.firstPage, 0, virtualBits)}–${virtualHex(map.firstPage + map.pageCount - 1, 0xfff, virtualBits)}`;
  const collides = map.firstPage + map.pageCount > part.firstPage && map.firstPage < part.endPage;
  const hole = `${virtualHex(part.firstPage, 0, virtualBits)}–${virtualHex(part.endPage - 1, 0xfff, virtualBits)}`;
  return (
    <p className="plan-line">
      {collides ? <X {...ICON} className="plan-no" /> : <Check {...ICON} className="plan-yes" />} <span className="n">{span}</span>{' '}
      {collides ? 'reaches into Xen’s part, where a guest’s updates are refused: ' : 'lies clear of Xen’s part, '}
      <span className="n">{hole}</span>.
    </p>
  );
}

function ResultingMap({ ground, map }: { readonly ground: PlanGround; readonly map: RecursiveMap }) {
  const { mode } = ground;
  const at = (page: number, offset = 0) => virtualHex(page, offset, mode.virtualBits);
  const bits = mode.virtualBits === 32 ? 'VA' : `VA[${mode.virtualBits - 1}:0]`;
  return (
    <section>
      <h3>The map that follows</h3>
      <table className="sheet-table">
        <tbody>
          {map.levels.map(({ entryName, page, shift }) => (
            <tr key={entryName}>
              <td>{entryName}s</td>
              <td className="n">{at(page)}</td>
              <td className="c">
                that of VA: + ({bits} &gt;&gt; {shift}) × {mode.entryBytes}
              </td>
            </tr>
          ))}
          <tr>
            <td>itself</td>
            <td className="n">{at(map.ownEntry.page, map.ownEntry.offset)}</td>
            <td className="c">{map.entries.length === 1 ? 'the entry written' : 'the first of the four entries'}</td>
          </tr>
          <tr>
            <td>end</td>
            <td className="n">{at(map.firstPage + map.pageCount - 1, 0xfff)}</td>
            <td className="c">{bytesText(map.pageCount * 4096)}, a table a page</td>
          </tr>
        </tbody>
      </table>
    </section>
  );
}

function Takers({ atlas, ground }: PlannerProps) {
  return (
    <table className="sheet-table">
      <tbody>
        {acceptances(atlas.layout, ground.mode).map(({ by, here, readOnly, words }) => (
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
