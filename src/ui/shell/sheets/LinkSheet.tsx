import { type ReactNode, useEffect, useState } from 'react';
import { commas } from '#core/base/hex.ts';
import { copyText, linkAddress } from '#ui/shell/copy-link.ts';
import { useDesk, useDeskStore } from '#ui/state/desk.ts';
import { packText } from '#ui/state/link-text.ts';
import { hostsOf } from '#ui/state/remote-given.ts';
import { SheetFrame } from './SheetFrame.tsx';

/** What a link may carry, said before it is copied. */
export function LinkSheet() {
  const desk = useDeskStore();
  const text = useDesk((now) => now.image?.text);
  const urls = useDesk((now) => now.remoteUrls);
  const packed = usePacked(text);
  return (
    <SheetFrame title="Copy a link" wide>
      <div className="sheet-body">
        <LinkChoice title="The place only" address={linkAddress(desk)}>
          {urls.length > 0
            ? `Whoever opens it reads the same image from ${hostsOf(urls)}, after a yes to that; the link holds its address, name, size and fingerprint, and none of its bytes.`
            : `Whoever opens it needs the same ${text === undefined ? 'file' : 'text'}; the link names it by name, size and fingerprint, and holds none of it.`}
        </LinkChoice>
        {packed && (
          <LinkChoice title="With the text inside" address={linkAddress(desk, packed)}>
            Whoever opens it needs nothing else. The {commas(text?.length ?? 0)} characters of the text then leave this machine wherever the link
            goes; not even then are they sent to a server by opening it.
          </LinkChoice>
        )}
        {text !== undefined && packed === undefined && <p className="c">The text is too long to travel inside a link.</p>}
      </div>
    </SheetFrame>
  );
}

function usePacked(text: string | undefined): string | undefined {
  const [packed, setPacked] = useState<string>();
  useEffect(() => {
    if (text === undefined) return;
    let dropped = false;
    void packText(text).then((done) => dropped || setPacked(done));
    return () => {
      dropped = true;
    };
  }, [text]);
  return packed;
}

function LinkChoice({ title, address, children }: { readonly title: string; readonly address: string; readonly children: ReactNode }) {
  const [copied, setCopied] = useState(false);
  return (
    <section className="sheet-choice">
      <h3>{title}</h3>
      <p>{children}</p>
      <input className="sheet-link" aria-label={`Link: ${title}`} readOnly value={address} onFocus={(event) => event.currentTarget.select()} />
      <div className="sheet-acts">
        <button type="button" className="btn" onClick={() => void copyText(address).then(setCopied)}>
          {copied ? 'Copied' : 'Copy'}
        </button>
        <span className="c">{commas(address.length)} characters</span>
      </div>
    </section>
  );
}
