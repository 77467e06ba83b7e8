import { pagingMode, rootInCr3 } from '#core/paging/modes.ts';
import type { RootChoice } from '#core/session/contract.ts';
import { Refusal, type Run } from './command.ts';

/** The root a command works on: `--root`, else that of `--cpu`, else the first the dump names. @throws Refusal where there is none. */
export async function rootOf({ session, options }: Run): Promise<RootChoice> {
  const { roots } = await session.summary();
  if (options.root !== undefined) return typedRoot(session, roots, options.root, options.mode);
  const choice = options.cpu === undefined ? roots[0] : roots.find(({ cpu }) => cpu?.index === options.cpu);
  if (!choice)
    throw new Refusal(
      options.cpu === undefined
        ? 'This dump names no root. Run “pagewalk roots FILE” to find them, then give one with --root (hex).'
        : `This dump has no root of CPU ${options.cpu}.`,
    );
  return options.mode ? { ...choice, mode: options.mode, address: rootInCr3(pagingMode(options.mode), choice.address) } : choice;
}

/** Every root of --root, else as `rootOf` of --cpu, else all that the dump names. @throws Refusal where there is none. */
export async function rootsOf(run: Run): Promise<readonly RootChoice[]> {
  const { session, options } = run;
  const { roots } = await session.summary();
  if (options.roots !== undefined) return Promise.all(options.roots.map((root) => typedRoot(session, roots, root, options.mode)));
  return options.cpu === undefined && options.mode === undefined && roots.length > 0 ? roots : [await rootOf(run)];
}

async function typedRoot(session: Run['session'], roots: readonly RootChoice[], root: number, mode: Run['options']['mode']): Promise<RootChoice> {
  const considered = await session.considerRoot(root, mode);
  // A root that the dump itself names comes with its CPU's features.
  return roots.find((known) => known.address === considered.address && (mode === undefined || known.mode === mode)) ?? considered;
}
