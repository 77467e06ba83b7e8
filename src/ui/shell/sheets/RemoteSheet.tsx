import { useState } from 'react';
import { useShell } from '#ui/shell/shell-context.ts';
import { remoteAddress } from '#ui/state/remote-address.ts';
import { SheetFrame } from './SheetFrame.tsx';

/** For an image too large to copy: its address on a server that gives parts of files. */
export function RemoteSheet() {
  const { opening, show } = useShell();
  const [text, setText] = useState('');
  const address = remoteAddress(text);
  const fault = typeof address === 'string' && text.trim() !== '' ? address : undefined;
  const open = () => {
    if (typeof address === 'string') return;
    show(undefined);
    void opening.open({ given: { kind: 'remote', url: address.url, name: address.name }, ...opening.awaited() });
  };
  return (
    <SheetFrame title="Open an image from a server">
      <form
        className="sheet-body"
        onSubmit={(event) => {
          event.preventDefault();
          open();
        }}
      >
        <p>
          Only the parts that are looked at are read, so it may be of any size; a link to a place in it then works for everyone who may read the
          address. You are asked before the host is.
        </p>
        <input
          className="sheet-line"
          type="url"
          inputMode="url"
          aria-label="Address of the image"
          aria-invalid={fault !== undefined}
          aria-describedby="remote-fault"
          placeholder="https://"
          spellCheck={false}
          autoComplete="off"
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <p id="remote-fault" className="c" aria-live="polite">
          {fault ?? 'The server must answer Range requests and allow this page by CORS.'}
        </p>
        <div className="sheet-acts">
          <button type="submit" className="btn pri" disabled={typeof address === 'string'}>
            Open
          </button>
        </div>
      </form>
    </SheetFrame>
  );
}
