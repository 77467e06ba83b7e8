import './state-panel.css';
import { useState } from 'react';
import type { RemoteAddress } from '#ui/state/remote-address.ts';
import { useShell } from './shell-context.ts';

/** Before another host is asked for anything: which, for what, and what it will learn. */
export function AskHost({ address }: { readonly address: RemoteAddress }) {
  const { opening, chooseFile } = useShell();
  const [forGood, setForGood] = useState(false);
  return (
    <>
      <h1>
        Read this image from <span className="n">{address.host}</span>?
      </h1>
      <dl className="kv">
        <dt>address</dt>
        <dd className="state-name">
          <span className="n s">{address.url}</span>
        </dd>
      </dl>
      <p>
        Nothing has been asked of it yet. If you say yes, the bytes that you look at are fetched from this host, part by part: it learns this device’s
        address and which parts are read. No cookie and no referrer is sent, and nothing is uploaded.
      </p>
      {address.host.includes('xn--') && <p>This name is written in letters of other alphabets; it may look like another one.</p>}
      <label className="state-check">
        <input type="checkbox" checked={forGood} onChange={(event) => setForGood(event.target.checked)} /> Do not ask again for this host on this
        device
      </label>
      <div className="state-acts">
        <button type="button" className="btn pri" onClick={() => opening.allowHost(address, forGood)}>
          Yes, read from this host
        </button>
        <button type="button" className="btn" onClick={() => chooseFile()}>
          Choose a file instead
        </button>
        <button type="button" className="btn quiet" onClick={() => opening.dismiss()}>
          No <kbd>Esc</kbd>
        </button>
      </div>
    </>
  );
}
