import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { pages } from '../../miniprogram/src/addresses.ts';
import { say, t } from '../../miniprogram/src/words.ts';

const sources = path.resolve(import.meta.dirname, '../../miniprogram/src');
const tables = ['words.ts', 'words-accounts.ts', 'words-invoices.ts'];
const readSource = (file: string) => readFileSync(path.join(sources, file), 'utf8');
const files = readdirSync(sources, { recursive: true, encoding: 'utf8' }).filter((file) => /\.tsx?$/.test(file));

describe('the words of the pages', () => {
  it('put facts where they belong, in both languages', () => {
    expect(t('pay.button', { amount: '¥1.00' })).toBe('微信支付 ¥1.00');
    expect(say('en', 'pay.button', { amount: '¥1.00' })).toBe('Pay ¥1.00 with WeChat');
  });

  it('have the same room for facts in English as in Chinese', () => {
    const table = tables
      .map(readSource)
      .join('\n')
      .matchAll(/zh: '([^']*)',\s*en: '([^']*)'/g);
    const room = (sentence = '') => [...sentence.matchAll(/\{\w+\}/g)].map(([name]) => name).sort();
    for (const [, zh, en] of table) expect([zh, room(en)]).toEqual([zh, room(zh)]);
  });

  it('stand nowhere but in the table', () => {
    const strangers = files
      .filter((file) => ![...tables, 'provinces.ts'].includes(file))
      .filter((file) => /[\u4e00-\u9fff]/.test(readSource(file).replace(/（\$\{.*?\}）/g, '')));
    expect(strangers).toEqual([]);
  });

  it('are all used', () => {
    const used = files
      .filter((file) => !tables.includes(file))
      .map(readSource)
      .join('\n');
    const keys = [
      ...tables
        .map(readSource)
        .join('\n')
        .matchAll(/^ {2}'([\w.-]+)':/gm),
    ].map(([, key = '']) => key);
    const families = ['trouble.', 'service.answer.', 'me.from.', 'refund.reason.'];
    const idle = keys.filter((key) => !used.includes(`'${key}'`) && !families.some((family) => key.startsWith(family)));
    expect(keys.length).toBeGreaterThan(100);
    expect(idle).toEqual([]);
  });
});

it('knows every page by the address that it has in the app', () => {
  const app = readSource('app.config.ts');
  for (const address of [pages.services, pages.orders, pages.me]) expect(app).toContain(`'${address.slice(1)}'`);
  const desk = [pages.service('x'), pages.confirm('x'), pages.pay('x'), pages.order('x'), pages.refund('x')];
  const invoices = [pages.invoices, pages.invoice('x'), pages.askInvoice('x'), pages.titles, pages.title('x')];
  const accounts = [pages.accounts, pages.account('x'), pages.badge('x')];
  for (const address of [...desk, ...invoices, ...accounts]) {
    const [, root = '', page = ''] = /^\/(\w+)\/([^?]+)/.exec(address) ?? [];
    expect(app).toMatch(new RegExp(`root: '${root}', pages: \\[[^\\]]*'${page}'`));
  }
});
