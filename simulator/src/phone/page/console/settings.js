import { h } from '../dom.js';
import { choice, line, section, toggle } from './controls.js';
import { pull } from './lever.js';
import { CHOICES, SETTINGS } from './setting-words.js';

/** Where each group of settings is changed. */
const PATHS = {
  general: '/settings',
  pay: '/pay/settings',
  notices: '/notices/settings',
  platform: '/platform/settings',
  'official-account': '/official-account/settings',
  'mini-program': '/mini-program/settings',
  'open-platform': '/open-platform/settings',
};
const TITLES = {
  general: '所有调用',
  pay: '支付设置',
  notices: '通知设置',
  platform: '公众平台',
  'official-account': '服务号设置',
  'mini-program': '小程序设置',
  'open-platform': '第三方平台设置',
};

/** Every setting of a group, drawn by the kind of its value. */
export function settings(state, group) {
  const current = state.console.settings[group];
  return section(
    TITLES[group],
    h(
      'div',
      { class: 'settings' },
      // Ticks after what is written or picked.
      Object.entries(current)
        .toSorted(([, one], [, other]) => isFlag(one) - isFlag(other))
        .flatMap(([name, value]) => drawSetting(state, group, name, value)),
    ),
  );
}

const isFlag = (value) => Number(typeof value === 'boolean');

function drawSetting(state, group, name, value) {
  const words = SETTINGS[group]?.[name] ?? name;
  const set = (wanted) => pull(`${words}：已设`, PATHS[group], { [name]: wanted });
  const more = { 'data-testid': `setting-${group}-${name}` };
  const options = CHOICES[group]?.[name] ?? optionsFrom(state.console.choices[group]?.[name]);
  if (options) return choice(words, value, options, set, more);
  if (typeof value === 'boolean') return toggle(words, value, set, more);
  if (name === 'domains') return domains(value, set, more);
  if (Array.isArray(value)) return list(words, value, set, more);
  if (typeof value === 'number' || value === null) return number(words, value, set, more);
  return line(words, value, set, more);
}

const optionsFrom = (values) => values?.map((value) => [value, String(value)]);

/** An empty line is no limit. */
const number = (words, value, set, more) =>
  line(words, value === null ? '' : String(value), (text) => set(text === '' ? null : Number(text)), {
    inputmode: 'numeric',
    ...more,
  });

/** Values between commas; a list that had numbers gets numbers. */
function list(words, values, set, more) {
  const isNumbers = values.length > 0 && values.every((value) => typeof value === 'number');
  const read = (text) =>
    text
      .split(/[,，\s]+/)
      .filter(Boolean)
      .map((part) => (isNumbers ? Number(part) : part));
  return line(words, values.join(', '), (text) => set(read(text)), more);
}

const domains = ({ oauth, jsSafe }, set, more) => [
  list('网页授权域名', oauth, (hosts) => set({ oauth: hosts }), { 'data-testid': `${more['data-testid']}-oauth` }),
  list('JS 接口安全域名', jsSafe, (hosts) => set({ jsSafe: hosts }), {
    'data-testid': `${more['data-testid']}-jsSafe`,
  }),
];
