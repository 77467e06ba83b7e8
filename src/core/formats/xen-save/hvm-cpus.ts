import { Fields } from '#core/formats/fields.ts';

/** A CPU of an HVM guest (public/arch-x86/hvm/save.h, hvm_hw_cpu). */
export interface HvmCpu {
  readonly index: number;
  readonly ip: number;
  readonly cr0: number;
  readonly cr3: number;
  readonly cr4: number;
  readonly efer: number;
}

const CPU_TYPE = 2;
const AT = { ip: 640, cr0: 656, cr3: 672, cr4: 680, efer: 992 } as const;
const MOST_PARTS = 65_536;

/** CPUs in an HVM_CONTEXT: { u16 type, u16 instance, u32 length, bytes } until type 0. */
export function hvmCpus(bytes: Uint8Array): readonly HvmCpu[] {
  const fields = new Fields(bytes);
  const cpus: HvmCpu[] = [];
  let at = 0;
  for (let part = 0; part < MOST_PARTS && at + 8 <= bytes.length; part++) {
    const type = fields.u16(at);
    const length = fields.u32(at + 4);
    if (type === 0) break;
    if (type === CPU_TYPE && length >= AT.efer + 8 && at + 8 + length <= bytes.length) cpus.push(cpuAt(fields, at + 8, fields.u16(at + 2)));
    at += 8 + length;
  }
  return cpus;
}

const cpuAt = (fields: Fields, at: number, index: number): HvmCpu => ({
  index,
  ip: fields.u64(at + AT.ip),
  cr0: fields.u64(at + AT.cr0),
  cr3: fields.u64(at + AT.cr3),
  cr4: fields.u64(at + AT.cr4),
  efer: fields.u64(at + AT.efer),
});
