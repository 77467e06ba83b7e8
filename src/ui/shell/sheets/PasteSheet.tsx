import { useState } from 'react';
import { useShell } from '#ui/shell/shell-context.ts';
import { SheetFrame } from './SheetFrame.tsx';

/** For those who cannot or would not press Ctrl+V on the page itself. */
export function PasteSheet() {
  const { opening, show } = useShell();
  const [text, setText] = useState('');
  const open = () => {
    show(undefined);
    void opening.open({ given: { kind: 'text', text, name: 'pasted text' }, ...opening.awaited() });
  };
  return (
    <SheetFrame title="Paste the text of a debugger session" wide>
      <form
        className="sheet-body"
        onSubmit={(event) => {
          event.preventDefault();
          open();
        }}
      >
        <p>
          Rows of gdb’s x/…, WinDbg’s d and !d, crash’s rd and vtop, Xen’s xenctrl dump, QEMU’s x and xp, xxd, hexdump -C: with mail quoting, prompts
          and gaps, as it was written. Ctrl+V anywhere on the page does the same.
        </p>
        <textarea
          className="sheet-text"
          aria-label="Text of the dump"
          spellCheck={false}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <div className="sheet-acts">
          <button type="submit" className="btn pri" disabled={text.trim() === ''}>
            Open this text
          </button>
          <span className="c">It stays on this machine: nothing is uploaded.</span>
        </div>
      </form>
    </SheetFrame>
  );
}
