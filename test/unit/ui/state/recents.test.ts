import { describe, expect, it } from 'vitest';
import { fileOf } from '#ui/state/recents.ts';

const FILE = new File(['bytes'], 'guest.elf');

/** A kept handle as Chrome gives one: it asks the user before the file may be read. */
function handleThat(answer: PermissionState, getFile: () => Promise<File> = async () => FILE): FileSystemFileHandle {
  return { kind: 'file', name: 'guest.elf', requestPermission: async () => answer, getFile } as unknown as FileSystemFileHandle;
}

describe('the file behind a kept handle', () => {
  it('is read where the user says yes', async () => {
    expect(await fileOf(handleThat('granted'))).toBe(FILE);
  });

  it('is not read where the user says no', async () => {
    const never = () => Promise.reject(new Error('read without leave'));
    expect(await fileOf(handleThat('denied', never))).toBeUndefined();
    expect(await fileOf(handleThat('prompt', never))).toBeUndefined();
  });

  it('is none where it was moved or deleted', async () => {
    const gone = () => Promise.reject(new DOMException('no such file', 'NotFoundError'));
    expect(await fileOf(handleThat('granted', gone))).toBeUndefined();
  });

  it('is read at once by a browser that has no such question', async () => {
    const handle = { kind: 'file', name: 'guest.elf', getFile: async () => FILE } as unknown as FileSystemFileHandle;
    expect(await fileOf(handle)).toBe(FILE);
  });
});
