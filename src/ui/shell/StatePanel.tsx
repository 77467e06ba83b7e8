import './state-panel.css';
import type { ReactNode } from 'react';
import { commas } from '#core/base/hex.ts';
import { addressText } from '#ui/state/history.ts';
import type { LinkedImage } from '#ui/state/permalink.ts';
import type { Failure, Phase } from '#ui/state/phase.ts';
import { AskHost } from './AskHost.tsx';
import { OpeningState } from './OpeningState.tsx';
import { openWanted } from './recent-files.ts';
import { useShell } from './shell-context.ts';

/** What takes the place of the page while something is under way, missing or wrong: what is known, and what can be done. */
export function StatePanel({ phase }: { readonly phase: Phase }) {
  switch (phase.kind) {
    case 'opening':
      return (
        <StateFrame>
          <OpeningState phase={phase} />
        </StateFrame>
      );
    case 'ask-host':
      return (
        <StateFrame>
          {/* By the addresses: a tick for one host is none for the next. */}
          <AskHost key={phase.addresses.map(({ url }) => url).join(' ')} {...phase} />
        </StateFrame>
      );
    case 'failed':
      return <FailedState failure={phase} />;
    case 'link':
      return <LinkState phase={phase} />;
    case 'other-file':
      return <OtherFileState phase={phase} />;
    default:
      return null;
  }
}

function StateFrame({ children }: { readonly children: ReactNode }) {
  return (
    <main className="state">
      <section className="state-in" aria-live="polite">
        {children}
      </section>
    </main>
  );
}

function FailedState({ failure }: { readonly failure: Failure }) {
  const { opening, chooseFile } = useShell();
  return (
    <StateFrame>
      <h1>{failure.title}</h1>
      <dl className="kv">
        <dt>file</dt>
        <dd className="state-name">{failure.name}</dd>
      </dl>
      <p>{failure.reason}</p>
      <p className="c">{failure.advice}</p>
      <div className="state-acts">
        <button type="button" className="btn pri" onClick={() => chooseFile()}>
          Choose another file
        </button>
        {failure.retryIsPossible && (
          <button type="button" className="btn" onClick={() => opening.retry()}>
            Try again
          </button>
        )}
        {failure.rawIsPossible && (
          <button type="button" className="btn" onClick={() => opening.openRaw()}>
            Open raw
          </button>
        )}
        <button type="button" className="btn quiet" onClick={() => opening.dismiss()}>
          Back <kbd>Esc</kbd>
        </button>
      </div>
    </StateFrame>
  );
}

function LinkState({ phase }: { readonly phase: Extract<Phase, { kind: 'link' }> }) {
  const shell = useShell();
  const { wanted, place, remembered } = phase;
  const { root } = place;
  return (
    <StateFrame>
      <h1>This link needs a file</h1>
      <dl className="kv">
        <ImageFacts image={wanted} />
        <dt>opens at</dt>
        <dd>
          <span className="n">{addressText(place)}</span>
          {root && (
            <>
              , root <span className="n">{root.address.toString(16)}</span>
            </>
          )}
        </dd>
      </dl>
      <p className="c">A link holds a place, never the bytes of a file. Choose the file, drop it here, or paste the text.</p>
      <div className="state-acts">
        {remembered && (
          <button type="button" className="btn pri" onClick={() => void openWanted(wanted, shell)}>
            Open it again
          </button>
        )}
        <button type="button" className={remembered ? 'btn' : 'btn pri'} onClick={() => shell.chooseFile()}>
          Choose the file
        </button>
        <button type="button" className="btn quiet" onClick={() => shell.opening.dismiss()}>
          Put the link away
        </button>
      </div>
    </StateFrame>
  );
}

function OtherFileState({ phase }: { readonly phase: Extract<Phase, { kind: 'other-file' }> }) {
  const { opening, chooseFile } = useShell();
  const { wanted, chosen } = phase;
  return (
    <StateFrame>
      <h1>Same place, other file</h1>
      <dl className="kv">
        <dt>wanted</dt>
        <dd>
          <Figures name={wanted.name} size={wanted.size} fingerprint={wanted.fingerprint} />
        </dd>
        <dt>chosen</dt>
        <dd>
          <Figures name={chosen.name} size={chosen.fileSize} fingerprint={chosen.fingerprint} />
        </dd>
      </dl>
      <p>The fingerprint differs, so the addresses of the link may mean something else here. The place of the link is not used unless you say so.</p>
      <div className="state-acts">
        <button type="button" className="btn pri" onClick={() => chooseFile()}>
          Choose again
        </button>
        <button type="button" className="btn" onClick={() => void opening.takeOther(false)}>
          Open this one alone
        </button>
        <button type="button" className="btn quiet" onClick={() => void opening.takeOther(true)}>
          Use the place all the same
        </button>
      </div>
    </StateFrame>
  );
}

function ImageFacts({ image }: { readonly image: LinkedImage }) {
  return (
    <>
      <dt>name</dt>
      <dd className="state-name">{image.name}</dd>
      <dt>size</dt>
      <dd>
        <span className="n">{commas(image.size)}</span> bytes
      </dd>
      <dt>SHA-256</dt>
      <dd>
        <span className="n s">{inEights(image.fingerprint.slice(0, 32))}</span>
        {image.fingerprint.length > 32 ? '…' : ''}
      </dd>
    </>
  );
}

function Figures({ name, size, fingerprint }: { readonly name: string; readonly size: number; readonly fingerprint: string }) {
  return (
    <>
      <span className="n">{commas(size)}</span> bytes, <span className="n">{fingerprint.slice(0, 8)}</span>, {name}
    </>
  );
}

const inEights = (digits: string): string => digits.replace(/(.{8})(?=.)/g, '$1 ');
