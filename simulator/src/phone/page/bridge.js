import { closeBrowser, onLeave, openFrame, setTitle } from './browser.js';
import { noteCall } from './console/page-calls.js';
import { askFor, openLayer } from './dialogs.js';
import { h } from './dom.js';
import { payInPage } from './pay-sheet.js';

/** How to take back the sheets and pictures that the page asked for. */
let pending = [];
/** Counts the documents that were in the frame: an answer is for the one that asked. */
let documents = 0;

function closePending() {
  documents += 1;
  for (const close of pending.splice(0)) close();
}

const CALLS = {
  chooseWXPay: pay,
  getBrandWCPayRequest: pay,
  closeWindow: async () => {
    // The answer first: without a frame nobody hears it.
    setTimeout(closeBrowser, 0);
    return { errMsg: 'ok' };
  },
  previewImage: async ({ current, urls = [] }) => {
    showPicture(current ?? urls[0]);
    return { errMsg: 'ok' };
  },
  scanQRCode: async () => {
    const text = await askFor({ title: '扫一扫', label: '二维码的内容', placeholder: '粘贴二维码的内容' });
    return text ? { errMsg: 'ok', resultStr: text } : { errMsg: 'cancel' };
  },
};

/**
 * The phone's side of the script that pages load. Only the page in the frame is heard, and only under the origin that it
 * really has; the answer can be read by that origin alone.
 */
async function answerCall(event) {
  const frame = openFrame();
  if (!frame || !isFromPage(event, frame)) return;
  const { id, method, params = {} } = event.data;
  if (method === 'opened') closePending();
  if (method === 'opened' || method === 'title') return setTitle(String(params.title ?? ''));
  if (method === 'config') return noteCall('wx.config', params.errMsg);

  const asking = documents;
  const result = await (Object.hasOwn(CALLS, method) ? CALLS[method] : unknown)(params);
  if (asking !== documents) return;
  noteCall(method, result.errMsg);
  frame.contentWindow.postMessage({ source: 'phone', id, result }, event.origin);
}

export function listenToPages() {
  window.addEventListener('message', (event) => void answerCall(event));
  onLeave(closePending);
}

function isFromPage({ source, origin, data }, frame) {
  if (source !== frame.contentWindow || data?.source !== 'jweixin') return false;
  return typeof data.method === 'string' && URL.canParse(data.url) && new URL(data.url).origin === origin;
}

const unknown = async () => ({ errMsg: 'fail system:function_not_exist' });

async function pay(parameters) {
  const { result, takeAway } = payInPage(parameters);
  pending.push(takeAway);
  const outcome = await result;
  pending = pending.filter((close) => close !== takeAway);
  return outcome;
}

function showPicture(address) {
  const picture = h(
    'button',
    { type: 'button', class: 'picture', 'aria-label': '关闭图片' },
    h('img', { src: address, alt: '图片' }),
  );
  const close = openLayer(picture, () => close());
  picture.onclick = () => close();
  pending.push(close);
}
