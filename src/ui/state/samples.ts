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
    file: 'mail.txt',
    title: 'The e-mail: “PAE guest address maps?”, xen-devel',
    words: 'Text. FreeBSD in PAE mode under Xen 3.0, domain 4, its tables and what the author asked of them.',
    place: '#1&at=F5800000',
    picture: runs('4h424.2r6.12w36.2w6.4l4.12h'),
    pictureOf: 'the 512 entries of PD[3]',
  },
  {
    id: 'xen-pae',
    file: 'xen-pae-slim.elf.gz',
    title: 'A 32-bit guest on Xen 4.17, slim',
    words: 'Page tables, M2P words and start_info of a running guest, at machine addresses.',
    picture: runs('512.'),
    pictureOf: 'the 512 entries of PD[3]',
  },
  {
    id: 'linux-pae',
    file: 'linux-pae-slim.elf.gz',
    title: 'A Linux 6.1 PAE kernel, slim',
    words: 'Native page tables of two processes and a few of their pages, no hypervisor.',
    picture: runs('512.'),
    pictureOf: 'the 512 entries of PD[0]',
  },
];

export const sampleById = (id: string | undefined): Sample | undefined => SAMPLES.find((sample) => sample.id === id);

/** Absolute, because the worker that fetches it lives at another path than the page. */
export const sampleUrl = (sample: Sample): string => new URL(`samples/${sample.file}`, document.baseURI).href;
