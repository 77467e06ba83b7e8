import './m2p.css';
import { bytesText, commas, hex, virtualHex } from '#core/base/hex.ts';
import { Legend } from './Legend.tsx';
import { LookUp } from './LookUp.tsx';
import { Names } from './Names.tsx';
import { COLUMNS, Picture } from './Picture.tsx';
import { RunRows } from './RunRows.tsx';
import { M2pContext, type M2pModel, useM2pModel } from './use-m2p.ts';

/** Xen's machine-to-physical table as a picture and as rows, and one frame of it looked up. */
export function M2pPane() {
  const { model, words } = useM2pModel();
  if (!model)
    return (
      <>
        <div className="ph">
          <h2>M2P</h2>
        </div>
        <p className="m2p-none">{words}</p>
      </>
    );
  return (
    <M2pContext value={model}>
      <div className="m2p">
        <div className="m2p-left">
          <LookUp />
          <Names />
          <Legend />
        </div>
        <div className="m2p-main">
          <div className="ph">
            <h2>M2P</h2>
            <span className="c">{summaryWords(model)}</span>
          </div>
          <Pictures model={model} />
          <RunRows />
        </div>
      </div>
    </M2pContext>
  );
}

function summaryWords({ summary, selection }: M2pModel): string {
  const { firstPage, bytesPerWord, words, beyond } = summary;
  const at = virtualHex(firstPage, 0, selection.mode.virtualBits);
  const more = beyond > 0 ? `; ${commas(beyond)} more can be looked up` : '';
  return `${bytesText((words + beyond) * bytesPerWord)} at ${at}: ${commas(words)} words of ${bytesPerWord} bytes, one a machine frame${more}`;
}

/** Lines of the picture of the whole. */
const LINES = 16;

/** The whole table, and the page of the frame looked up. */
function Pictures({ model }: { readonly model: M2pModel }) {
  const { summary, mfn, selection, digits } = model;
  const { words, bytesPerWord, firstPage } = summary;
  const perPage = 4096 / bytesPerWord;
  const wordsPerCell = Math.max(1, Math.ceil(words / (perPage * COLUMNS * LINES))) * perPage;
  const first = mfn - (mfn % perPage);
  const page = virtualHex(firstPage + first / perPage, 0, selection.mode.virtualBits);
  return (
    <>
      <Picture
        title="The whole table"
        caption={`${commas(wordsPerCell)} words a cell, ${bytesText(wordsPerCell * 4096)} of machine memory`}
        firstMfn={0}
        wordsPerCell={wordsPerCell}
        cells={Math.max(1, Math.ceil(words / wordsPerCell))}
      />
      <Picture
        title={`Page ${page}`}
        caption={`frames ${hex(first, digits)}–${hex(first + perPage - 1, digits)}, a word a cell`}
        firstMfn={first}
        wordsPerCell={1}
        cells={perPage}
      />
    </>
  );
}
