import { expect, test } from 'vitest';
import { droppedFiles } from '#ui/shell/dropped.ts';

const file = (name: string): File => new File(['x'], name);

test('one file is one file; others are given with it; more than any dump has are left aside', () => {
  const [a, b, c] = [file('a.vmem'), file('a.vmss'), file('c')];
  expect(droppedFiles([a])).toEqual({ file: a });
  expect(droppedFiles([a, b])).toEqual({ file: a, others: [b] });
  expect(droppedFiles([a, b, c])).toEqual({ file: a, others: [b, c] });
  expect(droppedFiles(Array.from({ length: 300 }, () => a))).toEqual({ file: a, others: Array.from({ length: 255 }, () => a), left: 44 });
  expect(droppedFiles([])).toEqual({});
});
