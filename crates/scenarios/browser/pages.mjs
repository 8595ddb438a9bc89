// Looks at pages of the console in Chromium, as people with and without eyes, a mouse or a script do.
//
// In:  as JSON on standard input: the address of a server, people with passwords and the pages that each is to see, a folder
//      for screenshots, the module folder, the addresses that the console answers and those that nobody is to look at.
// Out: as JSON on standard output: what was found to be wrong, and each address that nobody looked at.

import {createRequire} from 'node:module';
import {readFileSync, mkdirSync} from 'node:fs';

const asked = JSON.parse(readFileSync(0, 'utf8'));
const require = createRequire(asked.modules + '/');
const puppeteer = require('puppeteer-core');
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const found = [], lookedAt = new Set();
mkdirSync(asked.shots, {recursive: true});

// Colours are the same in every language, so that the themes are gone through in one of them.
const LOOKS = {
  en: [[390, 'light'], [390, 'dark'], [1440, 'light'], [1440, 'dark']],
  zh: [[390, 'light'], [1440, 'dark']],
};

const NARROWEST = 360;

// Which address of the console a path is: of those that fit, the one that says most of it.
function route(path) {
  const pattern = it => new RegExp('^' + it.replace(/\{\*[^}]*\}/g, '.+').replace(/\{[^}]*\}/g, '[^/]+') + '$');
  const holes = it => it.split('{').length;
  return asked.routes.filter(it => pattern(it).test(path)).sort((one, other) => holes(one) - holes(other))[0];
}

// One page at two widths in both themes: what axe finds, what the browser refuses, what does not fit.
async function look(page, name) {
  lookedAt.add(route(new URL(page.url()).pathname));
  const widths = new Set();
  for (const [width, theme] of LOOKS[name.slice(0, 2)]) {
    await page.setViewport({width, height: 900});
    await page.emulateMediaFeatures([{name: 'prefers-color-scheme', value: theme}, {name: 'prefers-reduced-motion', value: 'reduce'}]);
    await page.screenshot({path: `${asked.shots}/${name}-${width}-${theme}.png`, fullPage: true});
    if (!await page.evaluate(() => 'axe' in window)) await page.evaluate(axe);
    // Of another theme at the same width only colours are others.
    const rules = widths.has(width) ? {runOnly: {type: 'rule', values: ['color-contrast']}} : {};
    widths.add(width);
    const violations = await page.evaluate(async rules => (await axe.run(document, rules)).violations
      .map(it => `${it.id}: ${it.nodes.map(node => node.html).join(' | ')}`), rules);
    for (const it of violations) found.push(`${name} at ${width}, ${theme}: ${it.slice(0, 500)}`);
    // Whoever can fill in a form can also send it: a button of it is seen, wherever it stands, or the way to where it asks once more, or what is chosen is sent by itself. A form
    // whose fields are those that another one found out has none to fill in, and no button that can be pressed, until something is found.
    const stuck = await page.evaluate(() => {
      const seen = it => it.checkVisibility({visibilityProperty: true});
      const opens = (form, it) => seen(it) && form.querySelector(`${it.hash} [type=submit], ${it.hash} button:not([type])`);
      const asks = form => [...form.querySelectorAll('a[href^="#"]:not([href="#"])')].some(it => opens(form, it));
      const sent = form => form.dataset.live !== undefined || asks(form) || [...form.elements].some(it => it.type === 'submit' && seen(it));
      const waits = form => [...form.elements].every(it => it.type === 'hidden' || it.disabled);
      return [...document.forms].filter(form => seen(form) && !waits(form) && !sent(form)).map(form => form.action);
    });
    // What does something with those that are chosen waits for one.
    const idle = await page.evaluate(() => [...document.querySelectorAll('[data-bulk]')]
      .filter(form => !form.querySelector('tbody [type=checkbox]:checked'))
      .flatMap(form => [...form.querySelectorAll('.bulk button, button[data-chosen]')].filter(it => !it.disabled).map(it => it.textContent)));
    for (const it of idle) found.push(`${name} at ${width}, ${theme}: ${it} can be pressed with nothing chosen`);
    for (const it of stuck) found.push(`${name} at ${width}, ${theme}: no button of the form to ${it} is seen`);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    if (wide > 0) found.push(`${name} at ${width}, ${theme}: ${wide} px do not fit`);
    // Text of which a line holds a few characters stands in a column that is too narrow for it.
    const squeezed = await page.evaluate(() => [...document.querySelectorAll('main *')].filter(it => {
      const own = [...it.childNodes].filter(node => node.nodeType === Node.TEXT_NODE).map(node => node.data.trim()).join('');
      const {width, height} = it.getBoundingClientRect(), size = parseFloat(getComputedStyle(it).fontSize);
      return own.length > 12 && width > 1 && width < 4 * size && height > 5 * width;
    }).map(it => it.textContent.trim().slice(0, 40)));
    for (const it of squeezed) found.push(`${name} at ${width}, ${theme}: ${it} stands letter below letter`);
  }
  // The narrowest telephone that the design is for.
  await page.setViewport({width: NARROWEST, height: 900});
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  if (wide > 0) found.push(`${name} at ${NARROWEST}: ${wide} px do not fit`);
  await page.setViewport({width: 1440, height: 900});
}

// A browser of its own for somebody who reads this language.
async function opened(browser, language) {
  const page = await (await browser.createBrowserContext()).newPage();
  await page.setExtraHTTPHeaders({'Accept-Language': language});
  page.on('console', it => {
    // A refused form is answered with its status; that is no fault of the page.
    if (it.type() === 'error' && !it.text().startsWith('Failed to load resource')) found.push(`${page.url()}: ${it.text()}`);
  });
  page.on('pageerror', it => found.push(`${page.url()}: ${it.message}`));
  return page;
}

async function signIn(page, person) {
  await page.goto(asked.address + '/sign-in');
  await page.type('#mail', person.mail);
  await page.type('#password', person.password);
  await Promise.all([page.waitForNavigation(), page.click('button.main')]);
  if (new URL(page.url()).pathname.startsWith('/sign-in')) found.push(`${person.mail} is not let in`);
}

// Fills in a field, where a step of a way says so: `fill #field text`, or `replace #field this that` of what stands in it.
async function typed(page, step) {
  const fill = step.match(/^fill (\S+) (\S+)$/), replace = step.match(/^replace (\S+) (\S+) (\S+)$/);
  if (fill) await page.$eval(fill[1], (it, text) => { it.value = text; }, fill[2]);
  if (replace) await page.$eval(replace[1], (it, from, to) => { it.value = it.value.replace(from, to); }, replace[2], replace[3]);
  const press = step.match(/^press (.+)$/);
  if (press) await page.click(press[1]);
  return fill || replace || press;
}

// Goes a way: a path, and from there links and buttons to press, fields to fill in, or addresses to go on to. The last answer.
async function led(page, way) {
  const [path, ...steps] = way.split(' > ');
  let answer = await page.goto(asked.address + path);
  for (const step of steps) {
    if (await typed(page, step)) continue;
    const on = step.match(/^go (\S+)$/);
    if (on) answer = await page.goto(new URL(on[1], page.url()).href);
    else [answer] = await Promise.all([page.waitForNavigation(), page.click(step)]);
  }
  return answer;
}

// Signs in by keyboard alone; the focus is visible all the way.
async function byKeyboard(page, person) {
  await page.goto(asked.address + '/sign-in');
  for (let steps = 0; steps < 20; steps++) {
    await page.keyboard.press('Tab');
    const at = await page.evaluate(() => {
      const it = document.activeElement, style = getComputedStyle(it);
      return {id: it.id, name: it.tagName, seen: style.outlineStyle !== 'none' || style.boxShadow !== 'none'};
    });
    if (!at.seen) found.push(`the focus on ${at.name} ${at.id} is not visible`);
    if (at.id === 'mail') await page.keyboard.type(person.mail);
    if (at.id === 'password') {
      await page.keyboard.type(person.password);
      await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
      break;
    }
  }
  if (new URL(page.url()).pathname.startsWith('/sign-in')) found.push('by keyboard alone nobody is let in');
}

// Signs in with scripts switched off, and goes on to a page.
async function withoutScript(page, person) {
  await page.setJavaScriptEnabled(false);
  await signIn(page, person);
  await page.goto(asked.address + '/security');
  if (!(await page.content()).includes(person.mail)) found.push('without a script the page is empty');
  // What only a script does is not said where none runs.
  const said = await page.evaluate(() => {
    const it = document.body.appendChild(document.createElement('p'));
    it.className = 'byjs';
    return it.checkVisibility();
  });
  if (said) found.push('without a script pages say what only one does');
}

// Tries an operation in the documentation, signed in to nothing, with a key that is typed.
async function tried(page) {
  await page.goto(asked.address + '/docs/operations/get_wallet');
  await page.type('#t-key', asked.key);
  await page.click('form[data-try] button.main');
  await page.waitForFunction(() => document.querySelector('[data-answer]').textContent.length > 3);
  const answer = await page.$eval('[data-answer]', it => it.textContent);
  if (!answer.startsWith('200') || !answer.includes('"available"')) found.push(`what was tried is answered with ${answer}`);
}

const browser = await puppeteer.launch({executablePath: asked.chromium, args: ['--no-sandbox', '--disable-gpu']});
try {
  // Both languages at once, each in browsers of its own.
  await Promise.all(['en', 'zh'].map(async language => {
    const nobody = await opened(browser, language);
    await nobody.goto(asked.address + '/sign-in');
    await look(nobody, `${language}-sign-in`);
    await nobody.type('#mail', 'nobody@example.com');
    await nobody.type('#password', 'a password of nobody');
    await Promise.all([nobody.waitForNavigation(), nobody.click('button.main')]);
    await look(nobody, `${language}-refused`);
    for (const path of asked.front) {
      await nobody.goto(asked.address + path);
      await look(nobody, `${language}-front${path.replace(/[^a-z0-9]+/g, '-')}`);
    }
    for (const person of asked.people) {
      const page = await opened(browser, language);
      await signIn(page, person);
      for (const way of person.pages) {
        const answer = await led(page, way).catch(error => found.push(`${person.name}, ${way}: ${error.message}`));
        if (typeof answer === 'number') continue;
        if (answer.status() !== (way === '/nowhere' ? 404 : 200)) found.push(`${way}: ${answer.status()}`);
        await look(page, `${language}-${person.name}${way.replace(/[^A-Za-z0-9]+/g, '-').slice(0, 90)}`);
      }
      await page.close();
    }
  }));
  await byKeyboard(await opened(browser, 'en'), asked.people[0]);
  await withoutScript(await opened(browser, 'en'), asked.people[0]);
  await tried(await opened(browser, 'en'));
} finally {
  await browser.close();
}
for (const it of asked.routes) if (!lookedAt.has(it) && !asked.others.includes(it)) found.push(`nobody looks at ${it}`);
for (const it of asked.others) if (lookedAt.has(it) || !asked.routes.includes(it)) found.push(`${it} is no address that nobody looks at`);
console.log(JSON.stringify(found));
