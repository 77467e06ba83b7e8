/**
 * What this browser remembers between visits (panes, theme). Storage may be forbidden or full: then nothing is remembered and
 * nothing breaks.
 */
export const browserMemory = {
  getItem(key: string): string | null {
    try {
      return localStorage.getItem(key);
    } catch {
      return null;
    }
  },
  setItem(key: string, value: string): void {
    try {
      localStorage.setItem(key, value);
    } catch {
      // Forbidden or full: the page works without.
    }
  },
};
