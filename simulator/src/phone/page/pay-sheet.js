import { openLayer, tell } from './dialogs.js';
import { h, render } from './dom.js';
import { draw } from './icons.js';
import { ask, lever } from './server.js';
import { refresh, store } from './store.js';
import { yuan } from './words.js';

const DIGITS = 6;
/** How long 支付成功 is shown when nobody taps 完成. */
const SUCCESS_MS = 2000;
const METHODS = ['零钱', '零钱通', '招商银行储蓄卡（8066）'];
const KEYS = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '', '0', 'delete'];

/** One sheet at a time: WeChat lies above everything while it is open. */
let isOpen = false;

/** A page asks for money: the answer is what `chooseWXPay` and the bridge tell it; null when the page went away. */
export const payInPage = (parameters) => openSheet({ parameters }, 'pay', parameters);

/** A Native QR code. */
export const payByCode = (codeUrl) => openSheet({ codeUrl }, 'scan', { codeUrl });

/** The address of an H5 order, which a phone's browser hands over to WeChat. */
export const payByH5 = (h5Url) => openSheet({ h5Url }, 'open-h5', { h5Url });

/**
 * @param wish what the phone's server is asked to check first
 * @param way the lever that pays
 * @param body what that lever needs
 */
function openSheet(wish, way, body) {
  if (isOpen) return { result: Promise.resolve({ errMsg: 'fail 已有支付正在进行' }), takeAway: () => undefined };
  isOpen = true;
  const personId = store.state.person.id;
  const sheet = new Sheet((outcome) => lever(`/people/${personId}/${way}`, { ...body, outcome }));
  const result = run(wish, sheet).finally(() => {
    isOpen = false;
    void refresh();
  });
  return { result, takeAway: () => sheet.finish(null) };
}

async function run(wish, sheet) {
  const answer = await ask('POST', 'pay-sheet', wish);
  const refused = answer.ok ? answer.value.refused : answer.error;
  if (refused) {
    await tellFailure(refused);
    return { errMsg: `fail:${refused}` };
  }
  return sheet.show(answer.value);
}

const FAILED = '支付失败';

const tellFailure = (reason) => tell(reason, reason === FAILED ? '' : FAILED);

/** From the amount to the tick. */
class Sheet {
  constructor(decide) {
    /** Tells WeChat what the person does: pay, cancel or fail. */
    this.decide = decide;
    this.digits = 0;
    this.isBusy = false;
    this.method = METHODS[0];
    this.isDone = false;
    this.finished = new Promise((resolve) => (this.resolve = resolve));
  }

  show(order) {
    if (this.isDone) return this.finished;
    this.order = order;
    this.box = h('section', {
      class: 'pay-sheet',
      role: 'dialog',
      'aria-modal': 'true',
      'aria-label': '微信支付',
      tabindex: '-1',
      'data-testid': 'pay-sheet',
      'data-order': order.outTradeNo,
      autofocus: true,
      onkeydown: (event) => this.typed(event),
    });
    this.draw();
    this.close = openLayer(h('div', { class: 'shade low' }, this.box), () => void this.end('cancel'));
    return this.finished;
  }

  /** Ends it for the page: `null` when the page is gone. */
  finish(result) {
    if (this.isDone) return;
    this.isDone = true;
    clearTimeout(this.timer);
    this.close?.();
    this.resolve(result);
  }

  typed(event) {
    if (/^\d$/.test(event.key)) this.press(event.key);
    else if (event.key === 'Backspace') this.press('delete');
  }

  press(key) {
    if (this.isBusy || this.isPaid) return;
    this.digits = key === 'delete' ? Math.max(0, this.digits - 1) : this.digits + 1;
    this.draw();
    if (this.digits === DIGITS) void this.end('pay');
  }

  async end(outcome) {
    if (this.isPaid) return this.finish({ errMsg: 'ok' });
    if (this.isBusy) return;
    this.isBusy = true;
    this.draw();
    const answer = await this.decide(outcome);
    const errMsg = answer.ok ? answer.value.errMsg : `fail:${answer.error}`;
    if (this.isDone) return;
    if (errMsg === 'ok') return this.showSuccess();
    if (errMsg !== 'cancel') await tellFailure(errMsg.replace(/^fail:/, ''));
    this.finish({ errMsg });
  }

  showSuccess() {
    this.isPaid = true;
    this.draw();
    this.box.querySelector('.pay-done')?.focus();
    this.timer = setTimeout(() => this.finish({ errMsg: 'ok' }), SUCCESS_MS);
  }

  draw() {
    render(this.box, this.isPaid ? this.success() : this.question());
  }

  success() {
    const { payee, amountFen } = this.order;
    return [
      h(
        'div',
        { class: 'pay-success', role: 'status', 'data-testid': 'pay-success', key: 'success' },
        h('span', { class: 'tick' }, draw('tick')),
        h('h2', {}, '支付成功'),
        h('p', { class: 'payee' }, payee),
        h('p', { class: 'amount' }, h('small', {}, '¥'), yuan(amountFen)),
        h(
          'button',
          {
            type: 'button',
            class: 'pay-done',
            'data-testid': 'pay-done',
            onclick: () => this.finish({ errMsg: 'ok' }),
          },
          '完成',
        ),
      ),
    ];
  }

  question() {
    const { payee, description, amountFen } = this.order;
    return [
      h(
        'header',
        { class: 'pay-title', key: 'title' },
        h(
          'button',
          {
            type: 'button',
            'aria-label': '取消支付',
            'data-testid': 'pay-cancel',
            disabled: this.isBusy,
            onclick: () => void this.end('cancel'),
          },
          draw('close'),
        ),
        h('h2', {}, '微信支付'),
      ),
      h(
        'div',
        { class: 'pay-order', key: 'order' },
        h('p', { class: 'payee', 'data-testid': 'pay-payee' }, payee),
        h('p', { class: 'amount', 'data-testid': 'pay-amount' }, h('small', {}, '¥'), yuan(amountFen)),
        h(
          'dl',
          {},
          h('div', {}, h('dt', {}, '商品'), h('dd', { 'data-testid': 'pay-description' }, description)),
          this.methods(),
        ),
      ),
      h(
        'div',
        { class: 'pay-ways', key: 'ways' },
        h(
          'button',
          {
            type: 'button',
            class: 'pay-fail',
            'data-testid': 'pay-fail',
            disabled: this.isBusy,
            onclick: () => void this.end('fail'),
          },
          '模拟失败',
        ),
        h(
          'button',
          {
            type: 'button',
            class: 'pay-confirm',
            'data-testid': 'pay-confirm',
            disabled: this.isBusy,
            onclick: () => void this.end('pay'),
          },
          this.isBusy ? '正在支付…' : '面容支付',
        ),
      ),
      this.password(),
      this.pad(),
    ];
  }

  methods() {
    return h(
      'div',
      {},
      h('dt', {}, h('label', { for: 'pay-method' }, '付款方式')),
      h(
        'dd',
        {},
        h(
          'select',
          { id: 'pay-method', value: this.method, onchange: (event) => (this.method = event.target.value) },
          METHODS.map((method) => h('option', { value: method }, method)),
        ),
      ),
    );
  }

  password() {
    const words = `支付密码，任意六位数字，已输入 ${this.digits} 位`;
    return h(
      'div',
      { class: 'password', role: 'img', 'aria-label': words, key: 'password', 'data-testid': 'pay-password' },
      Array.from({ length: DIGITS }, (_none, place) => h('i', { class: place < this.digits ? 'filled' : '' })),
    );
  }

  pad() {
    const button = (key) =>
      key === ''
        ? h('span', { key: 'blank' })
        : h(
            'button',
            {
              type: 'button',
              key,
              'aria-label': key === 'delete' ? '删除一位' : key,
              disabled: this.isBusy,
              onclick: () => this.press(key),
            },
            key === 'delete' ? draw('delete') : key,
          );
    return h('div', { class: 'pad', role: 'group', 'aria-label': '支付密码键盘', key: 'pad' }, KEYS.map(button));
  }
}
