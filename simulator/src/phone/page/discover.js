import { openBrowser } from './browser.js';
import { askFor } from './dialogs.js';
import { h } from './dom.js';
import { draw } from './icons.js';
import { openScan } from './scan.js';

/** Ways to a payment or a page that do not begin in a chat. */
export function discover() {
  return [
    h('header', { class: 'title-bar' }, h('h1', {}, '发现')),
    h(
      'ul',
      { class: 'rows' },
      row('scan', '扫一扫', 'Native 二维码、H5 支付链接', openScan),
      row('globe', '打开网页', '在微信内置浏览器中', openAddress),
    ),
  ];
}

const row = (icon, words, more, onclick) =>
  h(
    'li',
    {},
    h(
      'button',
      { type: 'button', class: 'row', onclick: () => void onclick() },
      h('span', { class: `row-icon to-${icon}` }, draw(icon)),
      h('span', { class: 'row-words' }, words, h('small', {}, more)),
      draw('forward'),
    ),
  );

async function openAddress() {
  const address = await askFor({ title: '打开网页', label: '网址', value: 'http://', yes: '打开' });
  if (address) openBrowser(address);
}
