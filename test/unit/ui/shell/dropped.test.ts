import { expect, test } from 'vitest';
import { droppedFiles } from '#ui/shell/dropped.ts';

const file = (name: string): File => new File(['x'], name);

test('one file is one file; a second is its companion; more are left aside', () => {
  const [a, b, c] = [file('a.vmem'), file('a.vmss'), file('c')];
  expect(droppedFiles([a])).toEqual({ file: a, others: 0 });
  expect(droppedFiles([a, b])).toEqual({ file: a, companion: b, others: 0 });
  expect(droppedFiles([a, b, c])).toEqual({ file: a, companion: b, others: 1 });
  expect(droppedFiles([])).toEqual({ others: 0 });
});
