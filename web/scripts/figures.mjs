// Prints what a first visit costs on this machine: first contentful paint, and bytes as they travel. Nothing is asserted.
//
//   node scripts/figures.mjs URL…     such as an address of the page, and one of the managed auth screen

import { chromium } from '@playwright/test';

const addresses = process.argv.slice(2);
if (addresses.length === 0) {
  console.error('name the addresses to open');
  process.exit(2);
}
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] });
for (const address of addresses) {
  const paints = [];
  let bytes = 0;
  let requests = 0;
  for (let visit = 0; visit < 5; visit += 1) {
    const context = await browser.newContext();
    const page = await context.newPage();
    const client = await context.newCDPSession(page);
    await client.send('Network.enable');
    [bytes, requests] = [0, 0];
    client.on('Network.loadingFinished', ({ encodedDataLength }) => {
      bytes += encodedDataLength;
      requests += 1;
    });
    await page.goto(address, { waitUntil: 'networkidle' });
    paints.push(await page.evaluate(() => globalThis.performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN));
    await context.close();
  }
  paints.sort((one, other) => one - other);
  const [best, , median] = paints.map(Math.round);
  console.log(`${address}\n  first contentful paint ${median} ms (median of 5, best ${best} ms), ${requests} requests, ${(bytes / 1024).toFixed(0)} KiB`);
}
await browser.close();
