import { useState } from 'react';
import { useShell } from '#ui/shell/shell-context.ts';
import { remoteAddress } from '#ui/state/remote-address.ts';
import { remoteGiven } from '#ui/state/remote-given.ts';
import { SheetFrame } from './SheetFrame.tsx';

/** For an image too large to copy: its address on a server that gives parts of files, and that of a second file where one belongs to it. */
export function RemoteSheet() {
  const { opening, show } = useShell();
  const [text, setText] = useState('');
  const [secondText, setSecondText] = useState('');
  const isReady = typeof remoteAddress(text) !== 'string' && faultOf(secondText) === undefined;
  const open = () => {
    const given = remoteGiven(urlsIn(text, secondText));
    if (!isReady || !given) return;
    show(undefined);
    void opening.open({ given, ...opening.awaited() });
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
        <AddressLine
          label="Address of the image"
          hint="The server must answer Range requests and allow this page by CORS."
          text={text}
          onChange={setText}
        />
        <AddressLine
          label="Address of a second file"
          hint="Only where two files are one dump: the .vmss of a .vmem, the other half of a split dump."
          text={secondText}
          onChange={setSecondText}
        />
        <div className="sheet-acts">
          <button type="submit" className="btn pri" disabled={!isReady}>
            Open
          </button>
        </div>
      </form>
      <RememberedHosts />
    </SheetFrame>
  );
}

/** Where a yes for good is taken back. */
function RememberedHosts() {
  const { opening } = useShell();
  const [hosts, setHosts] = useState(opening.rememberedHosts);
  if (hosts.length === 0) return null;
  const forget = (origin: string) => {
    opening.forgetHost(origin);
    setHosts(opening.rememberedHosts);
  };
  return (
    <section className="sheet-body" aria-labelledby="remembered-hosts">
      <h3 id="remembered-hosts">Read from without asking</h3>
      <ul className="sheet-hosts">
        {hosts.map((origin) => (
          <li key={origin}>
            <span className="n s">{origin}</span>
            <button type="button" className="btn quiet" aria-label={`Ask again for ${origin}`} onClick={() => forget(origin)}>
              Ask again
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

interface AddressLineProps {
  readonly label: string;
  /** Said below while there is no fault. */
  readonly hint: string;
  readonly text: string;
  readonly onChange: (text: string) => void;
}

function AddressLine({ label, hint, text, onChange }: AddressLineProps) {
  const id = `fault-${label.replaceAll(' ', '-')}`;
  const fault = faultOf(text);
  return (
    <>
      <input
        className="sheet-line"
        type="url"
        inputMode="url"
        aria-label={label}
        aria-invalid={fault !== undefined}
        aria-describedby={id}
        placeholder="https://"
        spellCheck={false}
        autoComplete="off"
        value={text}
        onChange={(event) => onChange(event.target.value)}
      />
      <p id={id} className="c" aria-live="polite">
        {fault ?? hint}
      </p>
    </>
  );
}

/** Why a text is no address; undefined where it is one, or empty. */
function faultOf(text: string): string | undefined {
  const address = text.trim() === '' ? undefined : remoteAddress(text);
  return typeof address === 'string' ? address : undefined;
}

const urlsIn = (...texts: readonly string[]): readonly string[] =>
  texts.map(remoteAddress).flatMap((address) => (typeof address === 'string' ? [] : [address.url]));
