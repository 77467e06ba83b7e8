/* Makes test/fixtures/wrapped: the same content wrapped by the real tools (xz, bzip2, lz4, zip, zstd) in every way they offer. Run it by hand. */
import { execSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const folder = fileURLToPath(new URL('../fixtures/wrapped/', import.meta.url));
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });

const line = (index) => `frame ${((index * index * 7919) % 127).toString(16)} of ${(index >> 9) % 7}\n`;
const lines = (count) => Buffer.from(Array.from({ length: count }, (_, index) => line(index)).join(''));
const noise = (length) => {
  let state = 1;
  const next = () => {
    state = (state * 48271) % 2147483647;
    return state & 255;
  };
  return Buffer.from(Array.from({ length }, next));
};
/** Several blocks for every tool, zeros among them, and a little that does not shrink. */
const contents = {
  c: Buffer.concat([lines(8000), Buffer.alloc(90_000), noise(600), noise(3000).map((byte) => 97 + (byte % 5)), lines(500)]),
  n: noise(1000),
  e: Buffer.alloc(0),
};
for (const [name, bytes] of Object.entries(contents)) {
  writeFileSync(`${folder}${name}`, bytes);
  writeFileSync(`${folder}${name}.gz`, gzipSync(bytes, { level: 9 }));
}

const ways = [
  ...['-0', '-6', '-9e', '-C none', '-C crc32', '-C sha256', '-T2 --block-size=65536', '--block-size=50000', '--lzma2=lc=0,lp=2,pb=0'].map((o) => [
    'xz',
    o,
  ]),
  ...['-1', '-9'].map((o) => ['bzip2', o]),
  ...['-9 -B4 -BD', '-B4 -BX', '-B4 --content-size --no-frame-crc', '-l', '-B7', '-B5 -BD -BX --no-frame-crc'].map((o) => ['lz4', o]),
];
execSync('xz -c --x86 --lzma2 < n > n.x86.xz; xz -c --delta=dist=4 --lzma2 < n > n.delta.xz', { cwd: folder });
for (const [tool, options] of ways) {
  for (const name of ['c', 'n', 'e']) {
    if (name !== 'c' && options !== '-9e' && options !== '-9' && options !== '-l' && options !== '-B7') continue;
    const suffix = options.replaceAll(/[^a-z0-9]+/gi, '-').replace(/^-/, '');
    execSync(`${tool} -c -q ${options} < ${name} > ${name}.${suffix}.${tool === 'bzip2' ? 'bz2' : tool}`, { cwd: folder });
  }
}
const zips = [
  ['pair', 'zip -q -9 pair.zip n c'],
  ['stored', 'zip -q -0 stored.zip n'],
  ['deflate', 'zip -q -9 deflate.zip c'],
  ['several', 'zip -q -9 several.zip e n c'],
  ['piped', 'cat c | zip -q -9 - - > piped.zip'],
  ['zip64', 'zip -q -9 -fz zip64.zip c'],
  ['piped64', 'cat c | zip -q -9 -fz - - > piped64.zip'],
  ['piped-wide', 'zip -q -9 -fz - c > piped-wide.zip'],
  ['encrypted', 'zip -q -P secret encrypted.zip n'],
  ['bzip2', 'zip -q -Z bzip2 bzip2.zip c'],
];
for (const [, command] of zips) execSync(command, { cwd: folder });

/** Frames of zstd, bare and with the seek table of zstd's contrib/seekable_format; members of gzip as bgzip writes them (SAMv1, 4.1). */
const parts = Array.from({ length: Math.ceil(contents.c.length / 50_000) }, (_, index) => contents.c.subarray(index * 50_000, (index + 1) * 50_000));
const frames = parts.map((part) => {
  writeFileSync(`${folder}part`, part);
  return execSync('zstd -q -c --check part', { cwd: folder });
});
const table = Buffer.alloc(8 + parts.length * 8 + 9);
table.writeUInt32LE(0x184d2a5e, 0);
table.writeUInt32LE(table.length - 8, 4);
for (const [index, frame] of frames.entries()) {
  table.writeUInt32LE(frame.length, 8 + index * 8);
  table.writeUInt32LE(parts[index].length, 12 + index * 8);
}
table.writeUInt32LE(parts.length, table.length - 9);
table.writeUInt32LE(0x8f92eab1, table.length - 4);
writeFileSync(`${folder}c.frames.zst`, Buffer.concat(frames));
writeFileSync(`${folder}c.seekable.zst`, Buffer.concat([...frames, table]));
const members = [...parts, Buffer.alloc(0)].map((part) => {
  const gz = gzipSync(part, { level: 9 });
  const header = Buffer.from([0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 0xff, 6, 0, 0x42, 0x43, 2, 0, 0, 0]);
  header.writeUInt16LE(gz.length - 10 + 18 - 1, 16);
  return Buffer.concat([header, gz.subarray(10)]);
});
writeFileSync(`${folder}c.blocks.bgz`, Buffer.concat(members));
rmSync(`${folder}part`);
for (const name of Object.keys(contents)) rmSync(`${folder}${name}`);
