import { addPerson } from './add-person.js';
import { h } from './dom.js';
import { draw } from './icons.js';
import { change, store, virtualNow } from './store.js';
import { takePhone } from './take-phone.js';
import { timeOf } from './words.js';

const NEW = '+';

/** The virtual clock, who holds the phone, and on a narrow screen the way to the levers. */
export function statusBar() {
  const people = store.state?.people ?? [];
  const holder = store.state?.person?.id ?? '';
  return [
    h('time', { class: 'clock', 'data-testid': 'clock', 'aria-label': '模拟时间' }, timeOf(virtualNow())),
    h(
      'label',
      { class: 'person-switch' },
      h('span', { class: 'hidden' }, '谁拿着手机'),
      h(
        'select',
        { 'data-testid': 'person-switch', value: holder, onchange: (event) => void switchPerson(event.target) },
        people.map(({ id, nickname }) => h('option', { value: id, selected: id === holder, key: id }, nickname)),
        h('option', { value: NEW, key: NEW }, '＋ 添加一个人…'),
      ),
    ),
    h(
      'span',
      { class: 'signal' },
      store.isConnected ? null : h('span', { class: 'offline', role: 'status' }, '无服务'),
      h('span', { class: 'bars', 'aria-hidden': 'true' }, h('i'), h('i'), h('i'), h('i')),
      h('span', { class: 'battery', 'aria-hidden': 'true' }),
    ),
    h(
      'button',
      {
        type: 'button',
        class: 'console-button',
        'data-testid': 'console-open',
        'aria-expanded': String(store.isConsoleOpen),
        onclick: () => change({ isConsoleOpen: !store.isConsoleOpen }),
      },
      draw('levers'),
      '操作台',
    ),
  ];
}

async function switchPerson(select) {
  const wanted = select.value;
  const before = store.state.person?.id ?? '';
  if (wanted === NEW) {
    select.value = before;
    await addPerson();
    return;
  }
  await takePhone(wanted);
}

/** The minute changes without anything else being new. */
export function tickClock() {
  setInterval(() => {
    const clock = document.querySelector('.clock');
    const words = timeOf(virtualNow());
    if (clock && clock.textContent !== words) clock.textContent = words;
  }, 1000);
}
