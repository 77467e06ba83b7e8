import { Fields } from '#core/formats/fields.ts';

/** What a Linux kernel wrote of itself for its crash dumps: KEY=VALUE lines (Documentation/admin-guide/kdump/vmcoreinfo.rst; dump-formats, section 3c). */
export interface Vmcoreinfo {
  /** "6.1.0-28-amd64". */
  readonly release: string;
  /** Virtual address of the kernel's root table, as hex digits: 8 of a 32-bit kernel, 16 of a 64-bit one. */
  readonly rootSymbol?: { readonly name: string; readonly digits: string };
  readonly isPae: boolean;
  readonly has5Levels: boolean;
  /** Machine address of the kernel's link address, less that; may be negative. x86-64 only. */
  readonly physBase?: number;
  /** By how much the kernel was moved from where it was linked, as hex digits. */
  readonly kernelOffset?: string;
  /** Bit of every entry that says "encrypted" (AMD SME); 0 where there is none. */
  readonly smeMask: number;
}

export const VMCOREINFO = 'VMCOREINFO';
/** One page or little more; a note may claim anything. */
const MOST_BYTES = 64 * 1024;

/** Names of the kernel's root: x86-64 has both for the same table. */
const ROOT_SYMBOLS = ['init_top_pgt', 'init_level4_pgt', 'swapper_pg_dir'] as const;

export function parseVmcoreinfo(body: Uint8Array): Vmcoreinfo | undefined {
  const facts = factsOf(body.subarray(0, MOST_BYTES));
  const release = facts.get('OSRELEASE');
  if (release === undefined) return undefined;
  const name = ROOT_SYMBOLS.find((symbol) => /^[0-9a-f]{6,16}$/i.test(facts.get(`SYMBOL(${symbol})`) ?? ''));
  const physBase = Number(facts.get('NUMBER(phys_base)') ?? Number.NaN);
  const kernelOffset = facts.get('KERNELOFFSET');
  return {
    release: release.slice(0, 100),
    ...(name && { rootSymbol: { name, digits: facts.get(`SYMBOL(${name})`) ?? '' } }),
    isPae: facts.get('CONFIG_X86_PAE') === 'y',
    has5Levels: Number(facts.get('NUMBER(pgtable_l5_enabled)') ?? 0) === 1,
    ...(Number.isSafeInteger(physBase) && { physBase }),
    ...(kernelOffset !== undefined && /^[0-9a-f]{1,16}$/i.test(kernelOffset) && { kernelOffset }),
    smeMask: Number(facts.get('NUMBER(sme_mask)') ?? 0) || 0,
  };
}

function factsOf(body: Uint8Array): ReadonlyMap<string, string> {
  const facts = new Map<string, string>();
  for (const line of new Fields(body).text(0, body.length).split('\n')) {
    const equals = line.indexOf('=');
    if (equals > 0)
      facts.set(
        line.slice(0, equals),
        line
          .slice(equals + 1)

          .trim(),
      );
  }
  return facts;
}
