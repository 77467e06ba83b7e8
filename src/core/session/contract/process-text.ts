import type { ProcessGuess } from '#core/roots/names/guess.ts';

/** "sshd, process 412": after "probably". */
export const processText = ({ name, pid }: ProcessGuess): string => (pid === undefined ? name : `${name}, process ${pid}`);

/** "Probably sshd, process 412, a guess: …." */
export const guessText = (process: ProcessGuess): string => `Probably ${processText(process)}, a guess: ${process.reason}.`;
