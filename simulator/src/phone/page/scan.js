import { openBrowser } from './browser.js';
import { openLayer, toast } from './dialogs.js';
import { h, render } from './dom.js';
import { draw } from './icons.js';
import { payByCode, payByH5 } from './pay-sheet.js';
import { store } from './store.js';
import { yuan } from './words.js';

const isCode = (text) => text.startsWith('weixin://');
const isH5 = (text) => /^https?:\/\/[^ ]*\/cgi-bin\/mmpayweb-bin\/checkmweb\?/.test(text);

/** The camera: what it sees is written or picked from the orders that wait for money. */
export function openScan() {
  const choices = openOrders();
  const view = h('section', {
    class: 'scan',
    role: 'dialog',
    'aria-modal': 'true',
    'aria-label': '扫一扫',
    'data-testid': 'scan',
  });
  const input = h('input', {
    name: 'text',
    'aria-label': '二维码内容或 H5 支付链接',
    placeholder: '粘贴 weixin://… 或 H5 支付链接',
    autocomplete: 'off',
    autofocus: true,
    'data-testid': 'scan-text',
    oninput: () => drawView(),
  });
  const close = openLayer(view, () => close());
  const recognise = (event) => {
    event.preventDefault();
    const text = input.value.trim();
    if (text === '') return;
    close();
    void meet(text);
  };
  const pick = (text) => {
    input.value = text;
    drawView();
    input.focus();
  };
  const form = h(
    'form',
    { onsubmit: recognise },
    input,
    h('button', { type: 'submit', 'data-testid': 'scan-go' }, '识别'),
  );
  const finder = h('div', { class: 'finder' });
  const drawView = () =>
    render(
      finder,
      input.value.trim() === ''
        ? h('span', { class: 'beam', 'aria-hidden': 'true' })
        : h('img', { alt: '取景框里的二维码', src: `qr?text=${encodeURIComponent(input.value.trim().slice(0, 500))}` }),
    );
  drawView();
  view.append(
    h(
      'header',
      { class: 'title-bar' },
      h('button', { type: 'button', class: 'start', 'aria-label': '关闭', onclick: () => close() }, draw('close')),
      h('h1', {}, '扫一扫'),
    ),
    finder,
    form,
    h(
      'div',
      { class: 'scan-choices' },
      h('h2', {}, choices.length === 0 ? '没有待支付的二维码或 H5 订单' : '待支付的订单'),
      h(
        'ul',
        {},
        choices.map((choice) => choiceRow(choice, pick)),
      ),
    ),
  );
  input.focus();
}

const openOrders = () =>
  store.state.console.orders.filter(({ state, codeUrl, h5Url }) => state === 'NOTPAY' && (codeUrl || h5Url));

const choiceRow = ({ outTradeNo, description, totalFen, codeUrl, h5Url }, pick) =>
  h(
    'li',
    {},
    h(
      'button',
      { type: 'button', 'data-testid': 'scan-choice', 'data-order': outTradeNo, onclick: () => pick(codeUrl ?? h5Url) },
      h('span', { class: 'choice-words' }, description, h('small', {}, `${codeUrl ? '二维码' : 'H5'} · ${outTradeNo}`)),
      h('span', { class: 'choice-amount' }, `¥${yuan(totalFen)}`),
    ),
  );

async function meet(text) {
  if (isCode(text)) {
    sayHow(await payByCode(text).result);
    return;
  }
  if (isH5(text)) {
    sayHow(await payByH5(text).result);
    const back = new URL(text).searchParams.get('redirect_url');
    if (back) openBrowser(back);
    return;
  }
  if (/^https?:\/\//.test(text)) openBrowser(text);
  else toast(`二维码的内容：${text}`);
}

/** A page hears the outcome; here nobody but the person does, and a failure was shown already. */
function sayHow({ errMsg }) {
  if (errMsg === 'ok') toast('支付成功');
  if (errMsg === 'cancel') toast('已取消支付');
}
