/** Every host has it; declared here because core knows neither the DOM's types nor Node's. */
declare const setTimeout: (run: () => void, milliseconds: number) => unknown;

/** Lets what waits outside (a message that asks to cancel) be handled, then goes on. */
export function pause(): Promise<void> {
  return new Promise((resume) => {
    setTimeout(resume, 0);
  });
}
