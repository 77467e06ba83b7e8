import { useRef } from 'react';

/** Characters typed within this time belong together. */
const TOGETHER_MS = 900;

/** Gathers hex digits typed in quick succession. Undefined for a key that is none; a first `f` is a command, `F` (shift) a digit. */
export function useTypeAhead(): (key: string) => string | undefined {
  const typed = useRef({ text: '', at: 0 });
  return (key) => {
    const now = performance.now();
    const before = now - typed.current.at < TOGETHER_MS ? typed.current.text : '';
    if (!/^[0-9a-fA-F]$/.test(key) || (before === '' && key === 'f')) return undefined;
    typed.current = { text: before + key, at: now };
    return typed.current.text;
  };
}
