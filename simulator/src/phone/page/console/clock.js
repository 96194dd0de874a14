import { h } from '../dom.js';
import { store, virtualNow } from '../store.js';
import { dayOf, exactTimeOf, lengthOf } from '../words.js';
import { button, hint, section, toggle } from './controls.js';
import { pull } from './lever.js';

const STEPS = [
  [15_000, '15 秒'],
  [60_000, '1 分'],
  [600_000, '10 分'],
  [7_200_000, '2 小时'],
  [86_400_000, '1 天'],
];
/** WeChat and its clients refuse signatures that are older. */
const WINDOW_MS = 300_000;

/** The virtual clock. */
export function clock(state) {
  const ahead = virtualNow() - Date.now();
  return section(
    '时钟',
    h(
      'p',
      { class: 'clock-words' },
      h('strong', { 'data-testid': 'console-clock' }, `${dayOf(virtualNow())} ${exactTimeOf(virtualNow())}`),
      ` ${Math.abs(ahead) < 1500 ? '与真实时间一致' : `比真实时间${ahead > 0 ? '快' : '慢'} ${lengthOf(ahead)}`}，还有 ${state.console.waiting} 件事等待发生`,
    ),
    Math.abs(ahead) >= WINDOW_MS
      ? h(
          'p',
          { class: 'warning', role: 'alert' },
          '模拟时间与真实时间相差超过五分钟：按真实时间运行的服务器会拒收支付通知和应答，它发出的请求也会被拒绝。“全部重置”可以回到真实时间。',
        )
      : hint('快进超过五分钟后，按真实时间运行的服务器会拒收签名过期或超前的消息。'),
    h(
      'div',
      { class: 'buttons' },
      STEPS.map(([ms, words]) =>
        button(`快进 ${words}`, () => pull(`已快进 ${words}`, '/clock', { advanceMs: ms }), {
          'data-testid': `advance-${ms}`,
        }),
      ),
    ),
    toggle('停住时钟（只在快进时走）', store.clock.frozenAt !== null, (frozen) =>
      pull(frozen ? '时钟已停住' : '时钟继续走', '/clock', { frozen }),
    ),
  );
}

/** Only the words of the clock move by themselves. */
setInterval(() => {
  const place = document.querySelector('.clock-words strong');
  if (place) place.textContent = `${dayOf(virtualNow())} ${exactTimeOf(virtualNow())}`;
}, 1000);
