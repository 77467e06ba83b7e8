/** Dumps that ship with the page, in `public/samples`. */
export interface Sample {
  readonly id: string;
  readonly file: string;
  readonly title: string;
  /** What it is and how large, with its numbers. */
  readonly words: string;
  /** Where to stand at first, as part of a link; undefined = the lowest mapped page of the best root. */
  readonly place?: string;
  /** 512 cells of the table that tells most, one letter a slot: `w` writable, `r` read-only, `t` a table, `l` a loop, `h` absent, `.` nothing. */
  readonly picture: string;
  readonly pictureOf: string;
}

/** Runs of a picture, "4h424.2r": count and letter. */
const runs = (text: string): string => text.replace(/(\d+)(\D)/g, (_, count: string, letter: string) => letter.repeat(Number(count)));

export const SAMPLES: readonly Sample[] = [
  {
    id: 'mail',
    file: 'xen-devel-pae-guest-address-maps.txt',
    title: 'The e-mail: “PAE guest address maps?”, xen-devel',
    words: '6,926 bytes of text. FreeBSD in PAE mode under Xen 3.0, domain 4, root fb153.',
    place: '#1&at=F5800000',
    picture: runs('4h424.2r6.12w36.2w6.4l4.12h'),
    pictureOf: '36 of the 512 entries of PD[3]',
  },
  {
    id: 'mail-guest',
    file: 'xen-mail-guest.elf.gz',
    title: 'The machine behind the e-mail, rebuilt',
    words: '4.3 MB, 66 KB packed: every page table, the whole M2P and the P2M of the e-mail’s guest on Xen 3.0.3, as on a real one.',
    place: '#1&root=22dca0&mode=pae&at=F5800000',
    picture: runs('4w424.2r6.12w36.2w6.4l4.11w1w'),
    pictureOf: '36 of the 512 entries of PD[3]',
  },
  {
    id: 'xen-pae',
    file: 'xen-pae-slim.elf.zst',
    title: 'A 32-bit PAE guest on 64-bit Xen 4.17, slim',
    words: '304 KB of machine memory: page tables, M2P words, start_info and pages of a running guest, root 3142000.',
    place: '#1&root=3142000&mode=pae-under-xen64&at=C0100000',
    picture: runs('2w508.1r1.'),
    pictureOf: 'the 3 entries of PD[3] that are present',
  },
  {
    id: 'linux-pae',
    file: 'linux-pae-slim.elf.gz',
    title: 'A Linux 6.1 PAE kernel, slim',
    words: '1.9 MB: the native page tables of two processes and some of their pages, no hypervisor, roots of two CPUs.',
    place: '#1&root=127e260&mode=pae&at=10042000',
    picture: runs('56w6r66w3.3w370.1t1.1w4t1w'),
    pictureOf: 'the kernel’s PD[3], 138 of 512 entries',
  },
];

export const sampleById = (id: string | undefined): Sample | undefined => SAMPLES.find((sample) => sample.id === id);

/** Absolute, because the worker that fetches it lives at another path than the page. */
export const sampleUrl = (sample: Sample): string => new URL(`samples/${sample.file}`, document.baseURI).href;
