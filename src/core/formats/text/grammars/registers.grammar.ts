import type { Grammar, LineReader } from '#core/formats/text/grammar.ts';
import type { SourceLine } from '#core/formats/text/lines.ts';
import type { PrintedRegisters, TextReading } from '#core/formats/text/reading.ts';

/** Control registers, as QEMU, gdb, Bochs and a crashing kernel print them: no memory, but they name the root and the mode. */
const registers: Grammar = { id: 'registers', label: 'control registers', order: 10, begin: (reading) => new RegisterReader(reading) };
export default registers;

/** `CR3=0000000001205000`, `CR3: 00511000`, `cr3            0x1205000`. */
const REGISTER = /\b(CR0|CR3|CR4|EFER)(?: {0,4}[=:] {0,4}(?:0x)?| {1,32}0x)([0-9a-f]{1,16})\b/gi;
/** Looked for first: most lines have none, and this is quicker. */
const MAY_HOLD = ['CR', 'cr', 'EFER', 'efer'];
/** `CPU#1` of QEMU, `CPU0:` of Bochs, `CPU: 1 PID: …` of Linux. */
const CPU = /^ *CPU(?: ?#| ?: ?)?(\d{1,4})\b(?:[: ]|$)/i;
/** Lines over which one CPU's registers may spread. */
const SPREAD = 60;

type RegisterName = 'cr0' | 'cr3' | 'cr4' | 'efer';
const isName = (text: string): text is RegisterName => ['cr0', 'cr3', 'cr4', 'efer'].includes(text);

class RegisterReader implements LineReader {
  readonly #reading: TextReading;
  #cpu: number | undefined;

  constructor(reading: TextReading) {
    this.#reading = reading;
  }

  /** Never keeps a line to itself. */
  read(line: SourceLine): boolean {
    const cpu = CPU.exec(line.text)?.[1];
    if (cpu !== undefined) this.#cpu = Number(cpu);
    if (!MAY_HOLD.some((word) => line.text.includes(word))) return false;
    for (const [, name = '', digits = ''] of line.text.matchAll(REGISTER)) {
      const value = Number.parseInt(digits, 16);
      const key = name.toLowerCase();
      if (isName(key) && value < 2 ** 52) this.#note(line, key, value);
    }
    return false;
  }

  #note(line: SourceLine, name: RegisterName, value: number): void {
    const { registers } = this.#reading;
    const last = registers.at(-1);
    const goesOn = last !== undefined && last[name] === undefined && last.cpu === this.#cpu && line.number - last.line <= SPREAD;
    const set: PrintedRegisters = { ...(goesOn ? last : { line: line.number, cpu: this.#cpu }), [name]: value };
    if (goesOn) registers[registers.length - 1] = set;
    else registers.push(set);
  }
}
