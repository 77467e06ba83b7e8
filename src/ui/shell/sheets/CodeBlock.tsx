import { useState } from 'react';
import { copyText } from '#ui/shell/copy-link.ts';

/** Lines of C with a button that copies them. */
export function CodeBlock({ code, name }: { readonly code: string; readonly name: string }) {
  const [copied, setCopied] = useState(false);
  return (
    <section className="code" aria-label={name}>
      <header>
        <h3>{name}</h3>
        <button type="button" className="btn" onClick={() => void copyText(code).then(setCopied)}>
          <span aria-live="polite">{copied ? 'Copied' : 'Copy'}</span>
        </button>
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls sideways, by keyboard too. */}
      <pre tabIndex={0}>{code}</pre>
    </section>
  );
}
