import { expect, it } from 'vitest';
import { meaningOf } from '#core/explain/m2p.ts';

it('takes no fill and no mark of Xen for a guest frame', () => {
  expect(meaningOf({ low: 0x3ae, high: 0 }, 4)).toBe('valid');
  expect(meaningOf({ low: 0xffff_ffff, high: 0 }, 4)).toBe('invalid');
  expect(meaningOf({ low: 0x5555_5555, high: 0 }, 4)).toBe('debug-fill');
  expect(meaningOf({ low: 0x7777_7777, high: 0 }, 4)).toBe('chunk-fill');
  expect(meaningOf({ low: 0xffff_fffe, high: 0 }, 4)).toBe('shared');
  expect(meaningOf({ low: 0x7777_7777, high: 0x7777_7777 }, 8)).toBe('chunk-fill');
  expect(meaningOf({ low: 0x3ae, high: 0 }, 8)).toBe('valid');
});
