import { h, render } from './dom.js';

const layer = () => document.getElementById('layer');
/** What lies under a dialog can neither be tapped nor reached by keyboard. */
const underneath = () => [...document.querySelectorAll('.screen, .status-bar')];
const opened = [];

/**
 * Lays something over the phone's screen and gives it the focus. Escape is `onEscape`.
 * @returns a function that takes it away again
 */
export function openLayer(element, onEscape) {
  const before = document.activeElement;
  const entry = { element, onEscape };
  opened.push(entry);
  layer().append(element);
  setInert();
  (element.querySelector('[autofocus]') ?? element).focus();
  return () => {
    if (!opened.includes(entry)) return;
    opened.splice(opened.indexOf(entry), 1);
    element.remove();
    setInert();
    if (before?.isConnected) before.focus();
  };
}

function setInert() {
  for (const element of underneath()) element.inert = opened.length > 0;
  for (const [place, { element }] of opened.entries()) element.inert = place < opened.length - 1;
}

document.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape' || opened.length === 0) return;
  event.preventDefault();
  opened.at(-1).onEscape();
});

/** A sentence and 确定. Resolves when it was read. */
export const tell = (words, title = '') =>
  dialog({ title, body: h('p', { class: 'dialog-words' }, words), yes: '确定' }).then(() => undefined);

/** A question with one line to write. Resolves with the text, or null. */
export function askFor({ title, label, value = '', placeholder = '', yes = '确定', more = [] }) {
  const input = h('input', { 'aria-label': label, placeholder, autofocus: true, maxlength: '2000' });
  input.value = value;
  return dialog({ title, body: h('div', { class: 'dialog-form' }, input, more), yes, no: '取消' }).then((isYes) =>
    isYes ? input.value.trim() : null,
  );
}

/** Resolves with true for yes. */
export function dialog({ title, body, yes, no }) {
  return new Promise((resolve) => {
    const finish = (isYes) => {
      close();
      resolve(isYes);
    };
    const buttons = [
      no ? h('button', { type: 'button', onclick: () => finish(false) }, no) : null,
      h('button', { type: 'submit', class: 'yes', autofocus: !no, 'data-testid': 'dialog-yes' }, yes),
    ];
    const box = h(
      'form',
      {
        class: 'dialog',
        role: 'alertdialog',
        'aria-modal': 'true',
        'aria-label': title || '提示',
        'data-testid': 'dialog',
        onsubmit: (event) => {
          event.preventDefault();
          finish(true);
        },
      },
      title ? h('h2', {}, title) : null,
      body,
      h('div', { class: 'dialog-buttons' }, buttons),
    );
    const close = openLayer(h('div', { class: 'shade' }, box), () => finish(!no));
  });
}

let toastTimer;

/** A few words that go away by themselves. */
export function toast(words) {
  let place = document.getElementById('toast');
  if (!place) {
    place = h('div', { id: 'toast', class: 'toast', role: 'status' });
    document.querySelector('.device').append(place);
  }
  render(place, h('span', {}, words));
  place.hidden = false;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => (place.hidden = true), 2500);
}
