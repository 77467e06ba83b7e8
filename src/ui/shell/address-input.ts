/** Id of the address box's input, by which G finds it. */
export const ADDRESS_INPUT = 'address-input';

const TYPED = 'pagewalk-type-address';

/** Writes into the address box as a user would, so that its readings show. */
export function typeAddress(text: string): void {
  document.getElementById(ADDRESS_INPUT)?.focus();
  requestAnimationFrame(() => window.dispatchEvent(new CustomEvent(TYPED, { detail: text })));
}

/** @returns what stops the listening */
export function onTypedAddress(take: (text: string) => void): () => void {
  const listen = (event: Event) => event instanceof CustomEvent && take(String(event.detail));
  window.addEventListener(TYPED, listen);
  return () => window.removeEventListener(TYPED, listen);
}
