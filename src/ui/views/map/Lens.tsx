import { type KeyboardEvent, useRef } from 'react';
import { commas, virtualHex } from '#core/base/hex.ts';
import { virtualPage } from '#core/memory/address.ts';
import type { Coverage, Translation } from '#core/session/contract.ts';
import { type Hover, useDesk } from '#ui/state/desk.ts';
import { useQuestion } from '#ui/state/question.ts';
import { useSelection, useTranslation } from '#ui/state/selection.ts';
import { presentIn, strideOf, sumsOf } from './coverage-sums.ts';
import type { MapModel } from './map-model.ts';
import { Painted } from './Painted.tsx';
import { LENS_COLUMNS, paintLens } from './painter.ts';
import { LENS_PAGES } from './viewport.ts';

const STEPS: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -LENS_COLUMNS, ArrowDown: LENS_COLUMNS };

/** The 2 MB around the selection, a cell a page. */
export function Lens({ model }: { readonly model: MapModel }) {
  const box = useRef<HTMLDivElement>(null);
  const select = useDesk((desk) => desk.select);
  const setHover = useDesk((desk) => desk.setHover);
  const { atlas, address, mode } = model;
  const firstPage = address.page - (address.page % LENS_PAGES);
  const root = atlas.root;
  const answer = useQuestion(`lens ${root.mode} ${root.address} ${firstPage}`, (questions) =>
    questions.coverage(root, [{ firstPage, pageCount: LENS_PAGES, bins: LENS_PAGES }]),
  );
  const translation = useTranslation(useSelection()).value;
  const coverage = answer.value?.[0];
  const choose = (slot: number) => select({ page: virtualPage(firstPage + slot), offset: 0 });
  const press = (event: KeyboardEvent) => {
    const step = STEPS[event.key];
    const slot = address.page - firstPage + (step ?? 0);
    if (step === undefined || slot < 0 || slot >= LENS_PAGES) return;
    event.preventDefault();
    event.stopPropagation();
    choose(slot);
  };
  const start = virtualHex(firstPage, 0, mode.virtualBits);
  return (
    <div className="map-lens">
      <LensHead start={start} coverage={coverage} translation={translation} />
      {/* A slider: one page of 512, moved by arrows; the lines of 64 make up and down steps of 64. */}
      <div
        ref={box}
        className="map-lens-cells ring-in"
        role="slider"
        aria-label={`Page of the 2 MB from ${start}`}
        aria-valuemin={0}
        aria-valuemax={LENS_PAGES - 1}
        aria-valuenow={address.page - firstPage}
        aria-valuetext={virtualHex(address.page, 0, mode.virtualBits)}
        tabIndex={0}
        onKeyDown={press}
        onClick={(event) => choose(slotUnder(box.current, event))}
        onMouseMove={(event) => setHover(hoverOf(firstPage, slotUnder(box.current, event)))}
        onMouseLeave={() => setHover(undefined)}
      >
        <Painted className="map-lens-fill" coverage={coverage} paint={paintLens} width={model.width} height={0} />
        <i className="map-lens-here" style={cellPlace(address.page - firstPage)} />
      </div>
    </div>
  );
}

function hoverOf(firstPage: number, slot: number): Hover {
  const page = firstPage + slot;
  return { address: { page: virtualPage(page), offset: 0 }, pageCount: 1, words: `page ${slot} of the 512 around the selection` };
}

function LensHead({
  start,
  coverage,
  translation,
}: {
  readonly start: string;
  readonly coverage: Coverage | undefined;
  readonly translation: Translation | undefined;
}) {
  const present = coverage ? presentIn(sumsOf(coverage)) : undefined;
  const stride = coverage && strideOf(coverage);
  return (
    <div className="map-lens-head">
      <span className="n s">{start}</span>
      {present !== undefined && (
        <span className="map-lens-words">
          2 MB: <b>{commas(present)}</b> of 512 pages{stride === undefined ? '' : `, one in ${commas(stride)}`}
        </span>
      )}
      <span className="c">{translation ? tableText(translation) : ''}</span>
    </div>
  );
}

/** What maps it: the page table, or the large leaf. */
function tableText({ steps, outcome }: Translation): string {
  const last = steps.at(-1);
  const above = steps.at(-2);
  if (!last) return '';
  if (outcome.kind === 'mapped' && outcome.pageFrames > 1)
    return `${last.entryName} ${last.slot}, ${outcome.pageFrames >= 2 ** 18 ? '1 GB' : `${outcome.pageFrames / 256} MB`} leaf`;
  return above ? `${last.tableName}[${above.slot}]` : last.tableName;
}

function slotUnder(box: HTMLElement | null, event: { readonly clientX: number; readonly clientY: number }): number {
  const rect = box?.getBoundingClientRect();
  if (!rect || rect.width === 0 || rect.height === 0) return 0;
  const lines = LENS_PAGES / LENS_COLUMNS;
  const column = Math.min(LENS_COLUMNS - 1, Math.max(0, Math.floor(((event.clientX - rect.left) / rect.width) * LENS_COLUMNS)));
  const line = Math.min(lines - 1, Math.max(0, Math.floor(((event.clientY - rect.top) / rect.height) * lines)));
  return line * LENS_COLUMNS + column;
}

function cellPlace(slot: number): { left: string; top: string } {
  const lines = LENS_PAGES / LENS_COLUMNS;
  return { left: `${((slot % LENS_COLUMNS) / LENS_COLUMNS) * 100}%`, top: `${(Math.floor(slot / LENS_COLUMNS) / lines) * 100}%` };
}
