/** Memory printed as each tool does: the tests' own writing of the grammars, from the tools' behaviour and not from the reader. */
export interface Printer {
  readonly name: string;
  readonly space: 'virtual' | 'machine';
  /** Where it cannot write any address of 32 bits: one past the highest. */
  readonly reach?: number;
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

/** 32-bit WinDbg's virtual commands, each with its text column where it has one. */
const windbg = (letter: 'b' | 'c' | 'd' | 'q' | 'w', width: number): Printer => ({
  name: `WinDbg d${letter}`,
  space: 'virtual',
  print: (address, bytes) => [
    `0: kd> d${letter} ${hex(address, 8)}`,
    ...rows(bytes, 16).map((row, index) => {
      const values = words(row, width).map((word) => hex(word, width * 2).replace(/^(.{8})(.{8})$/, '$1`$2'));
      const body = width === 1 ? `${values.slice(0, 8).join(' ')}-${values.slice(8).join(' ')}` : values.join(' ');
      return `${hex(address + index * 16, 8)}  ${body}${letter === 'b' || letter === 'c' ? `  ${column(row)}` : ''}`;
    }),
  ],
});

const windbgPhysical = (letter: 'b' | 'c' | 'd' | 'q', width: number): Printer => ({
  name: `WinDbg !d${letter}`,
  space: 'machine',
  print: (address, bytes) => [
    `kd> !d${letter} ${hex(address, 1)}`,
    ...rows(bytes, 16).map((row, index) => {
      const values = words(row, width).map((word) => hex(word, width * 2));
      const body = width === 1 ? `${values.slice(0, 8).join(' ')}-${values.slice(8).join(' ')}` : values.join(' ');
      return `#${hex(address + index * 16, 1).padStart(8, ' ')} ${body}${letter === 'b' || letter === 'c' ? ` ${column(row)}` : ''}`;
    }),
  ],
});

const crash = (option: string, width: number, space: Printer['space']): Printer => ({
  name: `crash rd${option}`,
  space,
  print: (address, bytes) => [
    `crash> rd${option} ${hex(address, 1)} ${bytes.length / width}`,
    ...rows(bytes, 16).map((row, index) => {
      const values = words(row, width).map((word) => hex(word, width * 2));
      return `${hex(address + index * 16, width === 8 ? 16 : 8).padStart(16)}:  ${values.join(' ')}   ${column(row)}`;
    }),
  ],
});

const upper = (bytes: readonly number[]): string => bytes.map((byte) => hex(byte & 0xff, 2).toUpperCase()).join('');
const sum = (bytes: readonly number[]): number => bytes.reduce((total, byte) => total + byte, 0);

/** Linear (type 4) or segmented (type 2) bases, before each row of 32 bytes. */
const intelHex = (segmented: boolean): Printer => ({
  name: `Intel HEX, ${segmented ? 'segmented' : 'linear'}`,
  space: 'machine',
  reach: segmented ? 0x8_0000 : 2 ** 32,
  print: (address, bytes) => {
    const record = (type: number, offset: number, body: readonly number[]): string => {
      const all = [body.length, offset >> 8, offset & 0xff, type, ...body];
      return `:${upper([...all, -sum(all)])}`;
    };
    const lines = rows(bytes, 32).flatMap((row, index) => {
      const start = address + index * 32;
      const base = segmented ? (start >>> 16) << 12 : start >>> 16;
      return [record(segmented ? 2 : 4, 0, [base >> 8, base & 0xff]), record(0, start & 0xffff, [...row])];
    });
    return [...lines, record(1, 0, [])];
  },
});

const sRecord = (type: 1 | 2 | 3): Printer => ({
  name: `S${type} records`,
  space: 'machine',
  reach: 2 ** (8 * type + 7),
  print: (address, bytes) => {
    const record = (kind: number, body: readonly number[]): string =>
      `S${kind}${upper([body.length + 1, ...body, ~sum([body.length + 1, ...body])])}`;
    const place = (start: number): number[] => [24, 16, 8, 0].slice(3 - type).map((shift) => (start >>> shift) & 0xff);
    const data = rows(bytes, 16).map((row, index) => record(type, [...place(address + index * 16), ...row]));
    return [record(0, [0, 0, 0x68, 0x69]), ...data, record(5, [data.length >> 8, data.length & 0xff]), record(10 - type, place(0))];
  },
});

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
  windbg('b', 1),
  windbg('c', 4),
  windbg('d', 4),
  windbg('q', 8),
  windbg('w', 2),
  windbgPhysical('b', 1),
  windbgPhysical('c', 4),
  windbgPhysical('d', 4),
  windbgPhysical('q', 8),
  crash('', 8, 'virtual'),
  crash(' -32', 4, 'virtual'),
  crash(' -p', 8, 'machine'),
  crash(' -8 -p', 1, 'machine'),
  crash(' -m -16', 2, 'machine'),
  intelHex(false),
  intelHex(true),
  sRecord(1),
  sRecord(2),
  sRecord(3),
];
