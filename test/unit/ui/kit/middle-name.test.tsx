// @vitest-environment jsdom
import { render, screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { MiddleName } from '#ui/kit/MiddleName.tsx';

test('a name cut in two for the eye is one word to a reader and to a search by name', () => {
  render(
    <button type="button">
      <MiddleName name="linux-pae256-before-boot.elf.zst" />
    </button>,
  );
  const button = screen.getByRole('button', { name: 'linux-pae256-before-boot.elf.zst' });
  const shown = [...button.querySelectorAll('[aria-hidden]')].map((part) => part.textContent);
  expect(shown).toHaveLength(2);
  expect(shown.join('')).toBe('linux-pae256-before-boot.elf.zst');
});
