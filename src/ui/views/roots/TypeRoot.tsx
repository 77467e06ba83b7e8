import { type FormEvent, useState } from 'react';
import { hex, parseHex } from '#core/base/hex.ts';
import { MACHINE_END } from '#core/memory/address.ts';
import type { PagingModeId, Root } from '#core/paging/mode.ts';
import { pagingMode, pagingModes } from '#core/paging/modes.ts';
import { useQuestion } from '#ui/state/question.ts';

const MOST = MACHINE_END - 1;

/** A root that the user knows: a CR3 or an address, with a mode or without. What it would be is said before it is used. */
export function TypeRoot({ onUse }: { onUse(root: Root): void }) {
  const [text, setText] = useState('');
  const [mode, setMode] = useState<PagingModeId>();
  const address = parseHex(text);
  const usable = address !== undefined && address <= MOST;
  const { value, stale, error } = useQuestion(usable ? `${address} ${mode ?? ''}` : '', (questions) =>
    usable ? questions.considerRoot(address, mode) : undefined,
  );
  const considered = usable && !stale ? value : undefined;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (considered) onUse(considered);
  };
  return (
    <form className="roots-type" onSubmit={submit}>
      <label htmlFor="roots-address">Type a root</label>
      <input
        id="roots-address"
        className="roots-field"
        placeholder="CR3 or address, hex"
        spellCheck={false}
        autoComplete="off"
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <label htmlFor="roots-mode">mode</label>
      <select id="roots-mode" className="roots-field" value={mode ?? ''} onChange={(event) => setMode(modeOf(event.target.value))}>
        <option value="">guess it</option>
        {pagingModes.map(({ id, label }) => (
          <option key={id} value={id}>
            {label}
          </option>
        ))}
      </select>
      <button type="submit" className="btn" disabled={!considered}>
        {considered ? `Use ${hex(considered.address)}, ${pagingMode(considered.mode).label}` : 'Use it'}
      </button>
      <span className="c roots-verdict" aria-live="polite">
        {verdictOf(text, usable, considered?.reason, error)}
      </span>
    </form>
  );
}

const modeOf = (text: string): PagingModeId | undefined => pagingModes.find(({ id }) => id === text)?.id;

function verdictOf(text: string, usable: boolean, reason: string | undefined, error: Error | undefined): string {
  if (text.trim() === '') return 'The low bits of a CR3 are dropped as the CPU drops them.';
  if (!usable) return 'That is not a hexadecimal address below 2^52.';
  return error?.message ?? reason ?? 'looking …';
}
