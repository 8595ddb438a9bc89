// Buys on the website in Chromium: by keyboard alone with the script, and by mouse without it.
//
// In:  as JSON on standard input: the address of a server, a person with a password, the products to buy, the module folder.
// Out: as JSON on standard output: what was found to be wrong.

import {createRequire} from 'node:module';
import {readFileSync} from 'node:fs';

const asked = JSON.parse(readFileSync(0, 'utf8'));
const puppeteer = createRequire(asked.modules + '/')('puppeteer-core');
const found = [];
// So many steps with the Tab key reach everything of a page.
const STEPS = 400;

// How somebody goes from one thing of a page to the next: `press` does what a click on what `selector` names does.
const ways = {
  keyboard: {
    script: true,
    async press(page, selector) {
      await page.evaluate(() => document.activeElement?.blur());
      for (let steps = 0; steps < STEPS; steps++) {
        await page.keyboard.press('Tab');
        const at = await page.evaluate(selector => {
          const it = document.activeElement, style = getComputedStyle(it);
          const box = it.getBoundingClientRect();
          return {
            is: it.matches(selector), name: it.outerHTML.slice(0, 80),
            marked: style.outlineStyle !== 'none' || style.boxShadow !== 'none' || it.matches('.seg input, .picks input'),
            there: box.width > 0,
          };
        }, selector);
        if (!at.marked) found.push(`${page.url()}: the focus on ${at.name} is not visible`);
        if (at.is) return Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
      }
      throw new Error(`${page.url()}: no way by keyboard to ${selector}`);
    },
  },
  mouse: {
    script: false,
    press: (page, selector) => Promise.all([page.waitForNavigation(), page.click(selector)]),
  },
};

async function opened(browser, language, way) {
  const page = await (await browser.createBrowserContext()).newPage();
  await page.setViewport({width: 1440, height: 900});
  await page.setJavaScriptEnabled(way.script);
  // As if its window were in front, so that several can be used at once.
  await (await page.createCDPSession()).send('Emulation.setFocusEmulationEnabled', {enabled: true});
  await page.setExtraHTTPHeaders({'Accept-Language': language});
  page.on('pageerror', it => found.push(`${page.url()}: ${it.message}`));
  await page.goto(asked.address + '/sign-in');
  await page.type('#mail', asked.mail);
  await page.type('#password', asked.password);
  await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
  return page;
}

// Waits for a delivery: the page says so by itself; without the script one asks again.
async function delivered(page, way) {
  for (let tries = 0; tries < 100; tries++) {
    if (!(await page.$('[data-poll]'))) return;
    await new Promise(done => setTimeout(done, 200));
    if (!way.script) await page.reload();
  }
  throw new Error(`${page.url()}: not delivered`);
}

// One product, from the shelf to what was delivered.
async function buy(page, way, product) {
  await page.goto(asked.address + '/buy');
  await way.press(page, `a[href="/buy/${product}"]`);
  await way.press(page, '.slip .main');
  const path = new URL(page.url()).pathname;
  if (path !== `/buy/${product}/review`) throw new Error(`${product}: the review is not at ${path}`);
  await way.press(page, '.slip button.main');
  if (!new URL(page.url()).pathname.startsWith('/orders/')) throw new Error(`${product}: ${await page.$eval('main', it => it.innerText)}`);
  await delivered(page, way);
  if (!(await page.$('.pill.ok'))) throw new Error(`${product}: ${await page.$eval('main', it => it.innerText)}`);
}

// From the list of months down to the arithmetic of a line.
async function explained(page, way) {
  await page.goto(asked.address + '/bills');
  for (const link of ['.table tbody th a', '.table td.one a', '.table tbody th a', '.table td.one a']) await way.press(page, `main ${link}`);
  if (!(await page.$('ol.why > li'))) throw new Error(`${page.url()} explains nothing`);
}

const browser = await puppeteer.launch({executablePath: asked.chromium, args: ['--no-sandbox', '--disable-gpu']});
try {
  // Both languages at once, each in a browser of its own.
  await Promise.all(['en', 'zh'].map(async language => {
    for (const name of Object.keys(ways)) {
      const way = ways[name], page = await opened(browser, language, way);
      for (const product of asked.products) {
        await buy(page, way, product).catch(error => found.push(`${name}, ${language}: ${error.message}`));
      }
      await explained(page, way).catch(error => found.push(`${name}, ${language}: ${error.message}`));
      await page.close();
    }
  }));
} finally {
  await browser.close();
}
console.log(JSON.stringify(found));
