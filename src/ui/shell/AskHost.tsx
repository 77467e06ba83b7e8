import './state-panel.css';
import { Fragment, useState } from 'react';
import { hostWarnings } from '#ui/state/host-warnings.ts';
import type { Phase } from '#ui/state/phase.ts';
import { useShell } from './shell-context.ts';

/** A server may forbid frames by a header; not every one does. */
const IS_FRAMED = window.self !== window.top;

type Question = Pick<Extract<Phase, { kind: 'ask-host' }>, 'addresses' | 'hosts'>;

/** Before another host is asked for anything: which, for what, and what it will learn. */
export function AskHost({ addresses, hosts }: Question) {
  const { opening, chooseFile } = useShell();
  const [forGood, setForGood] = useState(false);
  const asked = addresses.filter(({ host }) => hosts.includes(host));
  const warnings = hostWarnings(asked, window.location.protocol);
  const isOne = hosts.length === 1;
  const these = isOne ? 'this host' : 'these hosts';
  return (
    <>
      <h1>
        Read this image from <Hosts hosts={hosts} />?
      </h1>
      <dl className="kv">
        {addresses.map(({ url }, index) => (
          <Fragment key={url}>
            <dt>{addresses.length === 1 ? 'address' : `file ${index + 1}`}</dt>
            <dd className="state-name">
              <span className="n s">{url}</span>
            </dd>
          </Fragment>
        ))}
      </dl>
      <p>
        Nothing has been asked of {isOne ? 'it' : 'them'} yet. If you say yes, the bytes that you look at are fetched from {these}, part by part:{' '}
        {isOne ? 'it learns' : 'they learn'} this device’s address, from which page it is asked, and which parts are read. No cookie and no referrer
        is sent, and nothing is uploaded.
      </p>
      {warnings.map((warning) => (
        <p key={warning}>{warning}</p>
      ))}
      <label className="state-check">
        <input type="checkbox" checked={forGood} onChange={(event) => setForGood(event.target.checked)} /> Do not ask again for {these} on this device
        (taken back under “From a server”)
      </label>
      {IS_FRAMED && (
        <p>This page stands in a frame of another one, which could lay other words over this question. Open it in a tab of its own to say yes.</p>
      )}
      <div className="state-acts">
        <button type="button" className="btn pri" disabled={IS_FRAMED} onClick={() => opening.allowHosts(addresses, forGood)}>
          Yes, read from {these}
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

function Hosts({ hosts }: Pick<Question, 'hosts'>) {
  return hosts.map((host, index) => (
    <Fragment key={host}>
      {index > 0 && (index === hosts.length - 1 ? ' and ' : ', ')}
      <span className="n">{host}</span>
    </Fragment>
  ));
}
