/** Id of the address box's input, by which G finds it. */
export const ADDRESS_INPUT = 'address-input';

const TYPED = 'pagewalk-type-address';

/** Writes into the address box as a user would, so that its readings show. */
export function typeAddress(text: string): void {
  document.getElementById(ADDRESS_INPUT)?.focus();
  requestAnimationFrame(() => window.dispatchEvent(new CustomEvent(TYPED, { detail: text })));
}

export function onTypedAddress(take: (text: string) => void, signal: AbortSignal): void {
  window.addEventListener(TYPED, (event) => event instanceof CustomEvent && take(String(event.detail)), { signal });
}
