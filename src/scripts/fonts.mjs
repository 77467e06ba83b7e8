/**
 * Fonts for the page, cut from their npm packages to the characters the product uses.
 * The cut files are kept in node_modules/.cache, named after all that decides them, and `@fonts/NAME.woff2` in CSS leads there.
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from './root.mjs';

const range = (first, last) => String.fromCodePoint(...Array.from({ length: last - first + 1 }, (_, i) => first + i));
const ascii = range(0x20, 0x7e);
const marks = '\u00a0§°±µ·×–—…‹›←↑→↓↺↻−∞≤≥─│└├■□▪▲▸▼▾◆◇○●✓✕';

const iosevka = (weight) => ({
  name: `iosevka-${weight}.woff2`,
  from: `node_modules/@fontsource/iosevka/files/iosevka-latin-${weight}-normal.woff2`,
  text: ascii + marks,
  // No ligatures: `->` in a hex pane is two bytes.
  options: { keepFeatures: [] },
});

const fonts = [
  iosevka(400),
  iosevka(500),
  iosevka(700),
  {
    name: 'plex-sans-var.woff2',
    from: 'node_modules/@fontsource-variable/ibm-plex-sans/files/ibm-plex-sans-latin-wdth-normal.woff2',
    text: `${ascii}${range(0xa0, 0xff)}${marks}\u2009\u202f‘’“”•′″`,
    options: { variationAxes: { wght: { min: 400, max: 700 }, wdth: { min: 85, max: 100 } } },
  },
];

async function cut(folder, font) {
  const file = join(folder, font.name);
  if (existsSync(file)) return;
  const { default: subsetFont } = await import('subset-font');
  const bytes = await subsetFont(await readFile(join(root, font.from)), font.text, { targetFormat: 'woff2', ...font.options });
  const unfinished = `${file}.${process.pid}`;
  await writeFile(unfinished, bytes);
  await rename(unfinished, file);
}

/** Folder that holds the cut fonts; cuts them first if need be. */
export async function fontFolder() {
  const versions = await Promise.all(
    ['@fontsource/iosevka', '@fontsource-variable/ibm-plex-sans', 'subset-font'].map(
      async (name) => JSON.parse(await readFile(join(root, 'node_modules', name, 'package.json'), 'utf8')).version,
    ),
  );
  const key = createHash('sha256').update(JSON.stringify({ fonts, versions })).digest('hex').slice(0, 12);
  const folder = join(root, 'node_modules/.cache/pagewalk-fonts', key);
  await mkdir(folder, { recursive: true });
  await Promise.all(fonts.map((font) => cut(folder, font)));
  return folder;
}

/** Vite plugin: makes `url("@fonts/NAME.woff2")` lead to the cut fonts. */
export function pagewalkFonts() {
  return {
    name: 'pagewalk-fonts',
    async config() {
      return { resolve: { alias: { '@fonts': await fontFolder() } } };
    },
  };
}
