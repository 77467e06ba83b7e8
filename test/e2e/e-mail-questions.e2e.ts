import type { Page } from '@playwright/test';
import { axeFindings, expect, test } from '../support/browser.ts';
import { addressBox, tables } from '../support/explorer.ts';

/** The e-mail’s eighteen questions, each answered by pointing and clicking on the sample that is its text. */
async function openMail(page: Page): Promise<void> {
  await page.goto('./');
  await page
    .getByRole('region', { name: 'Samples' })
    .getByRole('button', { name: /The e-mail:/ })
    .click();
  await expect(tables(page)).toBeVisible();
}

/** Chooses a question by its number; one that leads to an address has arrived when the walk has. */
async function ask(page: Page, number: number, address?: string): Promise<void> {
  await page.getByRole('button', { name: '18 questions' }).click();
  await page
    .getByRole('dialog', { name: 'The e-mail’s questions' })
    .getByRole('listitem')
    .nth(number - 1)
    .getByRole('button')
    .click();
  // By its class: while the address box shows its readings, all else is hidden from the tree of roles.
  await expect(page.locator('.tour-strip')).toContainText(`${number} of 18`);
  if (address) await expect(page.getByRole('heading', { name: new RegExp(`^Walk of\\s+${address}`) })).toBeVisible();
}

const what = (page: Page) => page.getByRole('region', { name: 'What it is' });
const walk = (page: Page) => page.getByRole('region', { name: 'Walk' });
const frame = (page: Page) => page.getByRole('region', { name: 'Frame' });
const map = (page: Page) => page.getByRole('region', { name: 'Address map' });
const row = (page: Page, words: RegExp) => tables(page).getByRole('row', { name: words });

test.beforeEach(async ({ page }) => openMail(page));

test('1–3: the regions, the M2P, and no lower table', async ({ page }) => {
  await ask(page, 1, 'F5800000');
  for (const name of [
    'I/O remap',
    'Direct map',
    'Per-domain',
    'Shadow linear table',
    'Linear page table',
    'M2P, writable',
    'Frame table',
    'M2P, read-only',
  ])
    await expect(map(page)).toContainText(name);
  await expect(map(page)).toContainText('24 of 96 MB');
  await ask(page, 2, 'F5800000');
  await expect(what(page)).toContainText('machine-to-physical table (M2P), the guest’s read-only alias');
  await expect(what(page)).toContainText('Slots 428 and 429: 4 MB of 4-byte words, so at most 1,048,576 frames, 4 GB. The frame table agrees');
  await ask(page, 3, 'F5A00000');
  await expect(what(page)).toContainText('A 2 MB leaf: PS is set in fba000e1. There is no lower table.');
  await expect(walk(page)).toContainText('fba00–fbbff');
});

test('4: a machine address where a frame number is meant', async ({ page }) => {
  await ask(page, 4);
  await expect(addressBox(page)).toHaveValue('fbc00000');
  const slip = page.getByRole('status').filter({ hasText: 'fbc00000 is a machine address; the frame number is fbc00.' });
  await expect(slip).toContainText('Frame fbc00 is Xen’s own (DOMID_XEN)');
  await page.getByRole('option', { name: /machine address fbc00000/ }).click();
  await expect(page.getByRole('heading', { name: /^Walk of\s+F5800000/ })).toBeVisible();
  await addressBox(page).fill('fbc00');
  await expect(page.getByRole('status').filter({ hasText: 'Frame fbc00 is Xen’s own' })).toBeVisible();
  await page.getByRole('option', { name: /MFN fbc00/ }).click();
  await expect(frame(page)).toContainText('fbc00');
});

test('5–7: what gdb could not read, and the words of the M2P', async ({ page }) => {
  await ask(page, 5, 'F5800000');
  await expect(what(page)).toContainText(
    'its own walk ignores PS in PAE mode, so takes fbc00 for a table, and maps it as the guest’s own, but it is Xen’s',
  );
  await expect(what(page)).toContainText('line 64');
  await ask(page, 6, 'F5800004');
  await expect(what(page)).toContainText('ffffffff, INVALID_M2P_ENTRY, no guest’s RAM');
  await expect(what(page)).toContainText('64 ffffffff, none 55555555 (Xen’s debug fill: never given out)');
  await expect(what(page)).toContainText('This page covers MFNs 0–3ff only.');
  await what(page).getByRole('button', { name: 'F5B45880' }).click();
  await expect(what(page)).toContainText('The word of MFN d1620 = (VA − F5800000) / 4: not in this dump; PFN 0 expected.');
  await ask(page, 7);
  const m2p = page.getByRole('region', { name: 'M2P', exact: true });
  await expect(m2p).toContainText('F5BEC54C');
  await expect(m2p).toContainText('this word is not in the dump');
  await expect(what(page)).toContainText('The word of MFN fb153 = (VA − F5800000) / 4: not in this dump; PFN 3ae expected.');
});

test('8: how to read the M2P', async ({ page }) => {
  await ask(page, 8);
  const card = page.getByRole('dialog', { name: 'How to read the M2P' });
  await expect(card).toContainText('F5800000 + fb153 × 4 = F5BEC54C');
  await expect(card).toContainText('P2M[M2P[m]] == m');
  await expect(card).toContainText('m2p = (const uint32_t *)0xF5800000u;');
  expect(await axeFindings(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await page.getByRole('region', { name: 'The e-mail’s questions' }).getByRole('button', { name: 'Next question' }).click();
  await expect(page.getByRole('heading', { name: /^Walk of\s+FDE00000/ })).toBeVisible();
});

test('9–11, 14: the linear page table, from inside and from outside', async ({ page }) => {
  await ask(page, 9, 'FDE00000');
  await expect(what(page)).toContainText('FDE00000 is the PTE of C0000000: FD800000 + (C0000000 >> 12) × 8.');
  await expect(what(page)).toContainText('both walks meet at fb14e:000');
  await ask(page, 10, 'FDE00000');
  await expect(what(page)).toContainText('the segment limit F67FFFFF stops it, with #GP. The debugger is not told.');
  const ring1 = what(page).getByRole('row', { name: /ring 1, guest kernel/ });
  await expect(ring1.getByText('#GP')).toHaveCount(3);
  await ask(page, 11, 'FDE00000');
  await expect(what(page)).toContainText('dom0 walks in software, fb14f → fb14f again → fb14e');
  await expect(walk(page)).toContainText('495');
  await ask(page, 14, 'FDE00000');
  await expect(what(page)).toContainText('The guest itself cannot.');
});

test('12, 13, 17: C0000000', async ({ page }) => {
  await ask(page, 12, 'C0000000');
  await expect(what(page)).toContainText(
    'PTE d1620063 (P RW A D, supervisor) names frame d1620, PFN 0 expected: its M2P word is at F5B45880, not in this dump.',
  );
  await ask(page, 13, 'C0000000');
  await expect(what(page)).toContainText('PDPT: four PDs in frames fb152…fb14f, descending; three are zero.');
  await expect(what(page)).toContainText('name four page tables, fb14e…fb14b: C0000000–C07FFFFF, 8 MB.');
  await expect(row(page, /fb152001/)).toBeVisible();
  await ask(page, 17, 'C0000000');
  await expect(what(page)).toContainText('$23 = -897581056 is no data: ca800000 = C0000000 − F5800000, left in EAX.');
});

test('15: a recursive map is planned', async ({ page }) => {
  await ask(page, 15);
  const plan = page.getByRole('dialog', { name: 'Plan a recursive map' });
  await expect(plan).toContainText('start_info.mfn_list');
  for (const [slot, value] of [
    ['508', 'fb152021'],
    ['509', 'fb151021'],
    ['510', 'fb150021'],
    ['511', 'fb14f021'],
  ] as const) {
    const entry = plan.getByRole('row', { name: new RegExp(`^${slot} `) });
    await expect(entry).toContainText(`00000000${value}`);
    await expect(entry).toContainText('free: held and zero');
  }
  for (const address of ['BF800000', 'BFDFC000', 'BFDFEFE0']) await expect(plan).toContainText(address);
  await expect(plan.getByRole('row', { name: /Xen up to 3\.0\.4/ })).toContainText('no');
  await expect(plan.getByRole('row', { name: /Xen 3\.1/ })).toContainText('yes');
  expect(await axeFindings(page)).toEqual([]);
  // Xen’s own: slots 492–495 of PD[3].
  await plan.getByRole('textbox').fill('2028');
  await expect(plan.getByRole('row', { name: /^492 / })).toContainText('taken by a table above');
  await expect(plan).toContainText('reaches into Xen’s part');
});

test('16, 18: 168 MB, and the same frames twice', async ({ page }) => {
  await ask(page, 16, 'F5800000');
  await expect(what(page)).toContainText('F5800000 is 168 MB below 4 GB');
  await ask(page, 18, 'FC800000');
  await expect(what(page)).toContainText('F5800000 maps the same frames, read-only.');
  await expect(frame(page)).toContainText('FC800000');
  await expect(frame(page)).toContainText('F5800000');
});

test('by keyboard alone: the list, a question, the next, the end', async ({ page }) => {
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('dialog', { name: 'Commands' })).toBeVisible();
  await page.keyboard.type('questions');
  await page.keyboard.press('Enter');
  const list = page.getByRole('dialog', { name: 'The e-mail’s questions' });
  await expect(list.getByRole('listitem')).toHaveCount(18);
  expect(await axeFindings(page)).toEqual([]);
  await list.getByRole('listitem').first().getByRole('button').focus();
  for (let step = 1; step < 9; step++) await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: /^Walk of\s+FDE00000/ })).toBeVisible();
  const strip = page.getByRole('region', { name: 'The e-mail’s questions' });
  await expect(strip).toContainText('9 of 18');
  expect(await axeFindings(page)).toEqual([]);
  await strip.getByRole('button', { name: 'End the tour' }).press('Enter');
  await expect(strip).toBeHidden();
});
