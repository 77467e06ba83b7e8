import { useState } from 'react';
import { bytesText, hex } from '#core/base/hex.ts';
import type { AtlasSummary, MadeFile } from '#core/session/contract.ts';
import { useDesk } from '#ui/state/desk.ts';
import { useQuestion } from '#ui/state/question.ts';
import { SheetFrame } from './SheetFrame.tsx';

/** The root in view as a small file to send: made when the sheet is opened, saved when asked. */
export function CapsuleSheet() {
  const atlas = useDesk((desk) => desk.atlas);
  if (!atlas) return null;
  return (
    <SheetFrame title="Save a capsule">
      <div className="sheet-body">
        <p>
          A capsule holds the page tables of root <span className="n">{hex(atlas.root.address)}</span> alone, as a sparse ELF core file. It opens here
          with the same map as the whole dump, and in other tools; what was left out is said to be, and is never zero.
        </p>
        <Capsule atlas={atlas} />
      </div>
    </SheetFrame>
  );
}

function Capsule({ atlas }: { readonly atlas: AtlasSummary }) {
  const [withM2p, setWithM2p] = useState(false);
  const { root, layout } = atlas;
  const { value, stale, error } = useQuestion(`capsule ${root.mode} ${root.address} ${withM2p}`, (questions) =>
    questions.capsule({ address: root.address, mode: root.mode }, withM2p),
  );
  return (
    <>
      {layout.isXens && (
        <p>
          <label>
            <input type="checkbox" checked={withM2p} onChange={({ target }) => setWithM2p(target.checked)} /> with the M2P, so far as this dump has it
          </label>
        </p>
      )}
      <div aria-live="polite">
        {error && <p role="alert">{error.message}</p>}
        {!error && (stale || !value) && <p className="c">Reading the tables…</p>}
        {!error && !stale && value && <Made file={value} />}
      </div>
    </>
  );
}

function Made({ file }: { readonly file: MadeFile }) {
  const { name, bytes, notes } = file;
  return (
    <>
      <p>{notes.join(' ')}</p>
      <div className="sheet-acts">
        <button type="button" className="btn pri" onClick={() => save(file)}>
          Save {name}
        </button>
        <span className="c">{bytesText(bytes.length)}; it holds bytes of the dump, so send it to whom you would send that</span>
      </div>
    </>
  );
}

/** The browser asks where to, or puts it among its downloads. Nothing is sent anywhere. */
function save({ name, bytes }: MadeFile): void {
  const url = URL.createObjectURL(new Blob([bytes.slice()], { type: 'application/octet-stream' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // A download that has begun keeps its bytes; some browsers begin late.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
