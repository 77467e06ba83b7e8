import { hex } from '#core/base/hex.ts';
import { CORE, ELF_MAGIC, EM_386, EM_X86_64, parseElfHeader } from './elf/header.ts';
import { hasText } from './fields.ts';
import { looksPrintable, sourceText } from './text/source-text.ts';

/** A kind of file that is not read (yet), known by its first bytes, and what to do instead. */
export interface KnownFile {
  readonly id: string;
  readonly label: string;
  /** Latin-1 text at `at`. */
  readonly magic: string;
  /** 0 if left out. */
  readonly at?: number;
  /** The magic is letters that a text may begin with as well: then a byte that no text holds must be in the first 64. */
  readonly binary?: true;
  /** What gives a file that can be opened. Sentences, with the command. */
  readonly advice: string;
}

const FROM_QEMU = 'From a QEMU guest make an ELF dump: dump-guest-memory FILE in its monitor, or virsh dump --memory-only DOMAIN FILE.';
const FROM_VIRTUALBOX = 'With the guest running: VBoxManage debugvm NAME dumpvmcore --filename=FILE';
const SMALL_DUMP =
  'It holds the memory of one process by virtual address, and no page tables. Make a kernel dump instead: livekd -o FILE -ml, or .dump /f FILE in a kernel debugger.';
const FROM_HYPER_V =
  'Let the guest write a crash dump: Debug-VM -Name NAME -InjectNonMaskableInterrupt; or, with the guest running, use LiveKd: livekd -o FILE -hv NAME.';
const FROM_HIBERNATION =
  'How it is packed differs by Windows. Make a dump of the running machine instead: livekd -o FILE -ml (or notmyfault, for a crash dump of all memory).';
const FROM_MACHINE = 'It is no memory image. Drop a raw image or an ELF dump of the guest.';

const unpack = (command: string): string => `Unpack it first: ${command}`;

/** dump-formats, section 0, and files that people drop by mistake. */
const KNOWN_FILES: readonly KnownFile[] = [
  { id: '7z', label: '7-Zip archive', magic: '7z\xbc\xaf\x27\x1c', advice: unpack('7z x FILE') },
  { id: 'rar', label: 'RAR archive', magic: 'Rar!\x1a\x07', advice: unpack('unrar x FILE') },
  { id: 'tar', label: 'tar archive', magic: 'ustar', at: 257, advice: unpack('tar -xf FILE') },
  { id: 'minidump', label: 'minidump of a Windows process', magic: 'MDMP', binary: true, advice: SMALL_DUMP },
  { id: 'qemu-savevm', label: 'QEMU migration stream', magic: 'QEVM\0\0\0', advice: FROM_QEMU },
  { id: 'libvirt-save', label: 'libvirt saved guest', magic: 'LibvirtQemud', advice: FROM_QEMU },
  {
    id: 'xen-xend',
    label: 'Xen saved domain of xend',
    magic: 'LinuxGuestRecord',
    advice: 'Convert it with Xen’s own tool: convert-legacy-stream --in FILE --out NEW --width 64 --format libxl.',
  },
  {
    id: 'virtualbox-sav',
    label: 'VirtualBox saved state',
    magic: '\x7fVirtualBox SavedState',
    advice: FROM_VIRTUALBOX,
  },
  ...['HIBR', 'hibr', 'WAKE', 'wake', 'RSTR', 'rstr'].map(
    (magic): KnownFile => ({ id: 'hibernation', label: 'Windows hibernation file', magic, binary: true, advice: FROM_HIBERNATION }),
  ),
  // HyperVStorageHeader: signature 01282014 (dissect.hypervisor, c_hyperv). Older .bin and .vsv have no mark.
  { id: 'hyper-v-state', label: 'Hyper-V saved state or settings', magic: '\x14\x20\x28\x01', advice: FROM_HYPER_V },
  { id: 'qcow2', label: 'QEMU disk image', magic: 'QFI\xfb', advice: `It is a disk. ${FROM_QEMU}` },
  { id: 'vmdk', label: 'VMware disk image', magic: 'KDMV', advice: 'It is a disk. Drop the .vmem file of a snapshot or a paused guest.' },
  {
    id: 'vmdk',
    label: 'VMware disk image',
    magic: 'COWD',
    binary: true,
    advice: 'It is a disk. Drop the .vmem file of a snapshot or a paused guest.',
  },
  {
    id: 'vmdk',
    label: 'VMware disk description',
    magic: '# Disk DescriptorFile',
    advice: 'It is of a disk. Drop the .vmem file of a snapshot or a paused guest.',
  },
  { id: 'vhd', label: 'Hyper-V disk image', magic: 'conectix', advice: `It is a disk. ${FROM_HYPER_V}` },
  { id: 'vdi', label: 'VirtualBox disk image', magic: '\x7f\x10\xda\xbe', at: 64, advice: `It is a disk. ${FROM_VIRTUALBOX}` },
  { id: 'vhdx', label: 'Hyper-V disk image', magic: 'vhdxfile', advice: `It is a disk. ${FROM_HYPER_V}` },
  // Volume descriptor of ISO 9660 (ECMA-119 8.1.2): the first is sector 16 of 2,048 bytes, its identifier one byte in.
  { id: 'iso', label: 'ISO 9660 disc image', magic: 'CD001', at: 0x8001, advice: `It is a disc. ${FROM_QEMU}` },
  // Boot protocol header of a bzImage (Linux, arch/x86/boot/header.S), which a whole memory does not begin with.
  { id: 'linux-kernel', label: 'Linux kernel to boot', magic: 'HdrS', at: 0x202, advice: FROM_MACHINE },
  { id: 'ewf', label: 'EnCase image', magic: 'EVF\x09\x0d\x0a\xff', advice: unpack('ewfexport FILE') },
  { id: 'png', label: 'PNG picture', magic: '\x89PNG\r\n\x1a\n', advice: 'If it shows a dump, paste its text.' },
  { id: 'jpeg', label: 'JPEG picture', magic: '\xff\xd8\xff', advice: 'If it shows a dump, paste its text.' },
  { id: 'gif', label: 'GIF picture', magic: 'GIF8', binary: true, advice: 'If it shows a dump, paste its text.' },
  { id: 'pdf', label: 'PDF document', magic: '%PDF-', advice: 'If it shows a dump, paste its text.' },
  { id: 'pe', label: 'Windows program', magic: 'MZ\x90\0', advice: FROM_MACHINE },
  { id: 'sqlite', label: 'SQLite database', magic: 'SQLite format 3\0', advice: FROM_MACHINE },
];

export interface Known {
  readonly id: string;
  readonly label: string;
  /** The bytes that tell. */
  readonly how: string;
  /** What it is and what to do. */
  readonly text: string;
}

/** Letters, of which no grammar knew a row: a mail or a log, not memory, though some memory may be all letters. */
const PROSE: Known = {
  id: 'prose',
  label: 'text without memory',
  how: 'printable text, no row of a known form',
  text: 'No row of this text reads as an address with bytes or words. Rows of gdb’s x, xenctrl’s dump, QEMU’s x and xp, WinDbg’s d and !d, crash’s rd and vtop, xxd and hexdump -C are read, quoted or not, and Intel HEX and S-records.',
};

/** What a file surely is that no format reads; undefined if its first bytes tell nothing. */
export function knownFile(head: Uint8Array): Known | undefined {
  const elf = hasText(head, 0, ELF_MAGIC) ? knownElf(head) : undefined;
  const file = elf ?? KNOWN_FILES.find(({ magic, at, binary }) => hasText(head, at ?? 0, magic) && (binary !== true || hasBinary(head)));
  if (file === undefined) return undefined;
  const { id, label, magic, at, advice } = file;
  return { id, label, how: seen(magic, at ?? 0), text: `This is ${article(label)} ${label} (${seen(magic, at ?? 0)}), which is not read. ${advice}` };
}

const FIRST_BYTES = 64;
const hasBinary = (head: Uint8Array): boolean => head.subarray(0, FIRST_BYTES).some((byte) => byte < 0x09 || (byte > 0x0d && byte < 0x1b));

/** A text, where no format knew a row of it. Letters beyond ASCII are few in the texts that people drop, and many in memory. */
export function proseIn(head: Uint8Array): Known | undefined {
  const { chars } = sourceText(head);
  const ascii = chars.reduce((count, char) => count + (char < 0x80 ? 1 : 0), 0);
  return chars.length > 0 && looksPrintable(chars) && ascii * 10 >= chars.length * 9 ? PROSE : undefined;
}

function seen(magic: string, at: number): string {
  const bytes = Array.from(magic.slice(0, 8), (letter) => hex(letter.charCodeAt(0), 2)).join(' ');
  return at === 0 ? `begins ${bytes}` : `has ${bytes} at byte ${at}`;
}

const article = (label: string): string => (/^(?:[aeiou]|xz)/i.test(label) ? 'an' : 'a');

const EI_DATA = 5;
const BIG_ENDIAN = 2;

/** ELF files that no format takes. The caller has asked the formats first. */
function knownElf(head: Uint8Array): KnownFile {
  const file = (id: string, label: string, advice: string): KnownFile => ({ id, label, magic: ELF_MAGIC, advice });
  if (head[EI_DATA] === BIG_ENDIAN) return file('elf-big-endian', 'big-endian ELF file', 'Pagewalk reads x86 memory, which is little-endian.');
  const header = parseElfHeader(head);
  if (header === undefined) return file('elf-cut', 'damaged or cut ELF file', `${FROM_QEMU} Check that the copy is complete.`);
  if (header.type !== CORE) return file('elf-program', 'ELF program or library', FROM_MACHINE);
  if (header.machine !== EM_386 && header.machine !== EM_X86_64)
    return file('elf-other-machine', `ELF core of another machine (e_machine ${header.machine})`, 'Pagewalk reads x86 page tables.');
  return file('elf-no-segments', 'ELF core without segments and without Xen’s notes', FROM_QEMU);
}
