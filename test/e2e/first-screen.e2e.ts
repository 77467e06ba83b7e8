import { axeFindings, expect, test } from '../support/browser.ts';

const sizes = [
  { width: 1440, height: 900 },
  { width: 1024, height: 768 },
];

for (const colorScheme of ['dark', 'light'] as const) {
  for (const size of sizes) {
    test(`the first screen is whole in ${colorScheme} at ${size.width} × ${size.height}`, async ({ page }) => {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize(size);
      await page.goto('./');
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      await page.evaluate(() => document.fonts.ready);
      await page.screenshot({ path: `test-results/screens/first-${colorScheme}-${size.width}.png` });
      expect(await axeFindings(page)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(size.width);
    });
  }
}

test('the page asks for its own files only and carries its content policy', async ({ page, watch, appUrl }) => {
  const response = await page.goto('./');
  expect(response?.headers()['content-security-policy']).toContain("default-src 'none'");
  await expect(page.locator('meta[http-equiv="Content-Security-Policy"]')).toHaveAttribute('content', /script-src 'self'/);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  expect(watch.requests.length).toBeGreaterThan(2);
  for (const url of watch.requests) expect(url.startsWith(appUrl) || url.startsWith('data:image/svg+xml')).toBe(true);
});

test('the policy stops an inline script, an inline style and a request elsewhere', async ({ page, watch }) => {
  await page.goto('./');
  const stopped = await page.evaluate(async () => {
    const seen: string[] = [];
    document.addEventListener('securitypolicyviolation', (event) => seen.push(event.effectiveDirective));
    const script = document.createElement('script');
    script.textContent = 'window.stolen = true';
    document.head.append(script);
    const style = document.createElement('style');
    style.textContent = 'body { display: none }';
    document.head.append(style);
    await fetch('http://127.0.0.2:9/').catch(() => undefined);
    await new Promise((done) => setTimeout(done, 100));
    return { seen, ran: 'stolen' in window, hidden: getComputedStyle(document.body).display === 'none' };
  });
  expect([...new Set(stopped.seen)].sort()).toEqual(['connect-src', 'script-src-elem', 'style-src-elem']);
  expect(stopped.ran || stopped.hidden).toBe(false);
  watch.complaints.length = 0;
});
