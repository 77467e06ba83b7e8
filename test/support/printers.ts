/** Memory printed as each tool does: the tests' own writing of the grammars, from the tools' behaviour and not from the reader. */
export interface Printer {
  readonly name: string;
  readonly space: 'virtual' | 'machine';
  /** Lines for bytes at an address; the number of bytes is a multiple of 32. */
  print(address: number, bytes: Uint8Array): string[];
}

const hex = (value: number | bigint, digits: number): string => value.toString(16).padStart(digits, '0');

const rows = (bytes: Uint8Array, size: number): Uint8Array[] =>
  Array.from({ length: Math.ceil(bytes.length / size) }, (_, row) => bytes.subarray(row * size, (row + 1) * size));

function words(bytes: Uint8Array, width: number): bigint[] {
  return rows(bytes, width).map((word) => [...word].reduceRight((value, byte) => value * 256n + BigInt(byte), 0n));
}

const column = (bytes: Uint8Array): string => [...bytes].map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('');

const gdb = (width: number, letter: string): Printer => ({
  name: `gdb x/${letter}`,
  space: 'virtual',
  print: (address, bytes) => [
    `(gdb) x/${bytes.length / width}${letter}x 0x${hex(address, 1)}`,
    ...rows(bytes, width === 1 ? 8 : 16).map(
      (row, index) =>
        `0x${hex(address + index * (width === 1 ? 8 : 16), 1)} <symbol+${index * 16}>:\t${words(row, width)
          .map((word) => `0x${hex(word, width * 2)}`)
          .join('\t')}`,
    ),
  ],
});

const qemu = (command: 'x' | 'xp', width: number, letter: string): Printer => ({
  name: `QEMU ${command}/${letter}`,
  space: command === 'xp' ? 'machine' : 'virtual',
  print: (address, bytes) => [
    `(qemu) ${command} /${bytes.length / width}${letter}x 0x${hex(address, 1)}`,
    ...rows(bytes, 16).map((row, index) => {
      const values = words(row, width).map((word) => ` 0x${hex(word, width * 2)}`);
      return `${hex(address + index * 16, command === 'xp' ? 16 : 8)}:${values.join('')}`;
    }),
  ],
});

/** dump64 prints 40 bits: only words below that can be printed so. */
const xenctrl = (glued: boolean): Printer => ({
  name: `xenctrl dump${glued ? ', glued' : ''}`,
  space: 'virtual',
  print: (address, bytes) => {
    const printed = rows(bytes, 32).map(
      (row, index) =>
        `0x${hex(address + index * 32, 8)}: ${words(row, 4)
          .map((word) => `0x${hex(word, 8)}`)
          .join(' ')}`,
    );
    return [`# ./xenctrl 4 dump 0x${hex(address, 8)} 0x${hex(bytes.length, 1)} # as the mail`, ...(glued ? [printed.join(' ')] : printed), '#'];
  },
});

const xxd = (group: number, reversed: boolean): Printer => ({
  name: `xxd -g ${group}${reversed ? ' -e' : ''}`,
  space: 'machine',
  print: (address, bytes) =>
    rows(bytes, 16).map((row, index) => {
      const groups = rows(row, group).map((part) => (reversed ? [...part].reverse() : [...part]).map((byte) => hex(byte, 2)).join(''));
      return `${hex(address + index * 16, 8)}: ${groups.join(' ')}  ${column(row)}`;
    }),
});

/** With its "*" for rows like the one before. */
const hexdump: Printer = {
  name: 'hexdump -C',
  space: 'machine',
  print: (address, bytes) => {
    const lines: string[] = [];
    let before = '';
    rows(bytes, 16).forEach((row, index) => {
      const [first, second] = rows(row, 8).map((half) => [...half].map((byte) => hex(byte, 2)).join(' '));
      const body = `${first}  ${second}  |${column(row)}|`;
      if (body !== before) lines.push(`${hex(address + index * 16, 8)}  ${body}`);
      else if (lines.at(-1) !== '*') lines.push('*');
      before = body;
    });
    return [...lines, hex(address + bytes.length, 8)];
  },
};

export const printers: readonly Printer[] = [
  gdb(8, 'g'),
  gdb(4, 'w'),
  gdb(2, 'h'),
  gdb(1, 'b'),
  qemu('x', 4, 'w'),
  qemu('x', 8, 'g'),
  qemu('xp', 8, 'g'),
  qemu('xp', 2, 'h'),
  xenctrl(false),
  xenctrl(true),
  xxd(2, false),
  xxd(1, false),
  xxd(4, true),
  hexdump,
];
