import { useState } from 'react';
import { useShell } from '#ui/shell/shell-context.ts';
import { remoteAddress } from '#ui/state/remote-address.ts';
import { MOST_ADDRESSES, remoteGiven } from '#ui/state/remote-given.ts';
import { SheetFrame } from './SheetFrame.tsx';

/** For an image too large to copy: its address on a server that gives parts of files, and those of others where several are one dump. */
export function RemoteSheet() {
  const { opening, show } = useShell();
  const [texts, setTexts] = useState<readonly string[]>(['', '']);
  const isReady = typeof remoteAddress(texts[0] ?? '') !== 'string' && texts.every((text) => faultOf(text) === undefined);
  const open = () => {
    const given = remoteGiven(urlsIn(texts));
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
        {texts.map((text, index) => (
          <AddressLine
            // biome-ignore lint/suspicious/noArrayIndexKey: a line is its place, whatever is typed.
            key={index}
            {...wordsOf(index)}
            text={text}
            onChange={(now) => setTexts(withRoom(texts.with(index, now)))}
          />
        ))}
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

/** One more line is there when the last is in use. */
const withRoom = (texts: readonly string[]): readonly string[] => (texts.at(-1) !== '' && texts.length < MOST_ADDRESSES ? [...texts, ''] : texts);

function wordsOf(index: number): Pick<AddressLineProps, 'label' | 'hint'> {
  if (index === 0) return { label: 'Address of the image', hint: 'The server must answer Range requests and allow this page by CORS.' };
  if (index === 1)
    return { label: 'Address of a second file', hint: 'Only where several files are one dump: the .vmss of a .vmem, the parts of a split dump.' };
  return { label: `Address of file ${index + 1}`, hint: 'Of the same dump.' };
}

const urlsIn = (texts: readonly string[]): readonly string[] =>
  texts.map(remoteAddress).flatMap((address) => (typeof address === 'string' ? [] : [address.url]));
