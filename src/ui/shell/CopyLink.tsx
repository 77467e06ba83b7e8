import { useState } from 'react';
import { Icon } from '#ui/kit/Icon.tsx';
import { useDeskStore } from '#ui/state/desk.ts';
import { copyPlaceLink } from './copy-link.ts';
import { useShell } from './shell-context.ts';

const SAID_MS = 1600;

/** Copies the link to what is in view. For a text dump it asks first whether the text shall travel along. */
export function CopyLink() {
  const desk = useDeskStore();
  const { show } = useShell();
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    const { image, sample, packedText } = desk.getState();
    if (image?.text !== undefined && !sample && packedText === undefined) return show('link');
    if (!(await copyPlaceLink(desk))) return show('link');
    setCopied(true);
    setTimeout(() => setCopied(false), SAID_MS);
  };
  return (
    <button type="button" className="ctl" title="Copy a link to this very place" onClick={() => void copy()}>
      <Icon name={copied ? 'check' : 'link'} />
      <span className="top-words" aria-live="polite">
        {copied ? 'Copied' : 'Copy link'}
      </span>
    </button>
  );
}
