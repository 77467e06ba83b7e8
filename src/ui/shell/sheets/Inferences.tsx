import { type FormEvent, useState } from 'react';
import { hex, parseHex, virtualHex } from '#core/base/hex.ts';
import { FRAME_END } from '#core/memory/address.ts';
import type { Inference } from '#core/session/contract.ts';
import { useShell } from '#ui/shell/shell-context.ts';
import { useDeskStore } from '#ui/state/desk.ts';

const MOST_FRAME = FRAME_END - 1;

/** A text dump: which virtual page was taken to be which frame, and why. Each can be changed; the text is then read again. */
export function Inferences({ inferences }: { readonly inferences: readonly Inference[] }) {
  const { opening, show } = useShell();
  const desk = useDeskStore();
  const place = (page: number, frame: number | null) => {
    const { options } = desk.getState();
    const others = (options.placements ?? []).filter((placement) => placement.page !== page);
    show(undefined);
    opening.reopen({ ...options, placements: [...others, { page, frame }] });
  };
  return (
    <section>
      <h3>Pages taken to be frames</h3>
      <table className="sheet-table">
        <thead>
          <tr>
            <th>page</th>
            <th>frame</th>
            <th>why</th>
            <th>lines</th>
          </tr>
        </thead>
        <tbody>
          {inferences.map((inference) => (
            <InferenceRow key={inference.page} inference={inference} onPlace={place} />
          ))}
        </tbody>
      </table>
      <p className="c">Change a frame and press Enter: the text is read again. An empty field leaves the page without a frame.</p>
    </section>
  );
}

function InferenceRow({ inference, onPlace }: { readonly inference: Inference; readonly onPlace: (page: number, frame: number | null) => void }) {
  const { page, frame, reason, lines, edited } = inference;
  const [text, setText] = useState(frame === undefined ? '' : hex(frame));
  const value = parseHex(text);
  const wrong = text.trim() !== '' && (value === undefined || value > MOST_FRAME);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!wrong) onPlace(page, text.trim() === '' ? null : (value ?? null));
  };
  const address = virtualHex(page, 0, page < 2 ** 20 ? 32 : 48);
  return (
    <tr>
      <td className="n">{address}</td>
      <td>
        <form onSubmit={submit}>
          <input
            className="sheet-edit"
            aria-label={`Frame of ${address}`}
            aria-invalid={wrong}
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        </form>
      </td>
      <td>
        {reason}
        {edited && <span className="c"> (yours)</span>}
      </td>
      <td className="n s">{linesText(lines)}</td>
    </tr>
  );
}

const linesText = (lines: readonly number[]): string => {
  const first = lines[0];
  const last = lines.at(-1);
  if (first === undefined || last === undefined) return '';
  return first === last ? `${first}` : `${first}–${last}`;
};
