import { hex } from '#core/base/hex.ts';
import type { SlipFact } from '#core/explain/explain-input.ts';
import { virtualPage } from '#core/memory/address.ts';
import type { MemoryImage } from '#core/memory/memory-image.ts';
import { confirmTables } from '#core/xen/confirm-slips.ts';
import { mfnOf } from '#core/xen/frame-numbers.ts';
import { kindOfM2pWord, M2P_MEANING, m2pWord } from '#core/xen/m2p.ts';
import { auditPfns, type PfnAudit, type PfnAuditInput } from '#core/xen/pfn-audit.ts';
import { SLIP_REASONS, type SlipRun } from '#core/xen/slip-runs.ts';
import type { PfnSlip, PfnSlips, Translation } from './contract.ts';
import type { RootAtlas } from './root-atlas.ts';
import { basePages, guestPages, type XenTables } from './xen-tables.ts';

/** Rows told at once. */
const MOST_ROWS = 500;

/** The audit of one root, made once; rows are made when asked for. */
export class PfnSlipTable {
  readonly #atlas: RootAtlas;
  readonly #tables: XenTables;
  readonly #audit: PfnAudit;

  /** Undefined where no P2M was found: then nothing tells a PFN from an MFN. */
  static async of(image: MemoryImage, atlas: RootAtlas, tables: XenTables): Promise<PfnSlipTable | undefined> {
    const input = auditInput(atlas, tables);
    if (!input) return undefined;
    const audit = auditPfns(input);
    await confirmTables(image, input, audit);
    return new PfnSlipTable(atlas, tables, audit);
  }

  private constructor(atlas: RootAtlas, tables: XenTables, audit: PfnAudit) {
    this.#atlas = atlas;
    this.#tables = tables;
    this.#audit = audit;
  }

  /** Sums, and rows from one on. */
  slips(firstRow = 0, count = MOST_ROWS): PfnSlips {
    const { checked, runs } = this.#audit;
    const from = Math.max(0, Math.floor(firstRow));
    const length = Math.max(0, Math.min(Math.floor(count), MOST_ROWS, runs.count - from));
    return {
      checked,
      counts: Object.fromEntries(SLIP_REASONS.map((reason) => [reason, runs.entriesFor(reason)])) as PfnSlips['counts'],
      runs: runs.count,
      rows: Array.from({ length }, (_, row) => this.#row(runs.at(from + row))),
    };
  }

  /** The first entry of a walk that, by more than its number, holds a PFN. */
  on({ path, slot, steps }: Translation): SlipFact | undefined {
    const { runs } = this.#audit;
    for (const [level, step] of steps.entries()) {
      const table = this.#atlas.root.names.resolve(path.slice(0, level))?.table ?? -1;
      const at = path[level] ?? slot;
      const row = runs.rowOf(table, at);
      const run = row < 0 ? undefined : runs.at(row);
      if (!run || run.reason === 'number') continue;
      const pagesPerEntry = this.#atlas.root.forest.shapes[level]?.pagesPerEntry ?? 1;
      const pfn = run.pfn + (at - run.firstSlot) * pagesPerEntry;
      return { step, pfn, meant: this.#meant(pfn), reason: run.reason };
    }
    return undefined;
  }

  #meant(pfn: number): number {
    const [p2m] = this.#tables.p2ms;
    return (p2m && mfnOf(p2m, pfn)) ?? 0;
  }

  #row({ firstPage, table, firstSlot, entries, pfn, reason, namesTable }: SlipRun): PfnSlip {
    const { names, forest, mode } = this.#atlas.root;
    const path = names.pathOf(table) ?? [];
    // A root of PAE may begin amid its frame.
    const tableAddress = table === 0 ? forest.root.address : forest.store.frame(table) * 4096;
    return {
      reason,
      path,
      tableName: names.nameOf(path),
      firstSlot,
      entries,
      namesTable,
      page: { page: virtualPage(firstPage), offset: 0 },
      entryAddress: tableAddress + firstSlot * mode.entryBytes,
      pfn,
      meant: this.#meant(pfn),
      m2p: this.#m2pWords(pfn),
    };
  }

  #m2pWords(mfn: number): string {
    const { m2p } = this.#tables;
    const word = m2p && m2pWord(m2p, mfn);
    const kind = kindOfM2pWord(word);
    return kind === 'valid' && word !== undefined ? `PFN ${hex(word)} of another domain, or stale` : M2P_MEANING[kind];
  }
}

function auditInput(atlas: RootAtlas, tables: XenTables): PfnAuditInput | undefined {
  const { pfns, m2p, sharedInfo } = tables;
  const [p2m] = tables.p2ms;
  if (!p2m || !pfns) return undefined;
  return {
    forest: atlas.root.forest,
    p2m,
    pfns,
    ...(m2p && { m2p }),
    guestPages: guestPages(atlas),
    bases: basePages(atlas, tables),
    lent: new Set(sharedInfo ? [sharedInfo.frame] : []),
  };
}
