import { h } from '../dom.js';
import { button, field, form, hint, section } from './controls.js';
import { pull, refuse } from './lever.js';

/** What can be done with the service account beside its settings. */
export const officialAccount = () =>
  section(
    '服务号',
    deeds('official-account', [button('作废 JS-SDK 票据', () => pull('票据已作废', '/web/forget-tickets'))]),
  );

export const miniProgram = () => section('小程序', deeds('mini-program', []));

function deeds(kind, more) {
  return [
    h(
      'div',
      { class: 'buttons' },
      button('让所有凭据过期', () => pull('凭据已过期（42001）', `/${kind}/tokens/expire`)),
      more,
    ),
    form(
      '设额度',
      [
        field('接口路径', 'path', { list: 'fault-paths', required: true, placeholder: '/cgi-bin/…' }),
        field('每日', 'daily', { type: 'number', min: '0' }),
        field('每分钟', 'minute', { type: 'number', min: '0' }),
        field('今日已用', 'used', { type: 'number', min: '0' }),
      ],
      ({ path, ...counts }) => pull(`${path} 的额度已设`, `/${kind}/quotas`, { path, ...numbersOf(counts) }),
    ),
    form(
      '推送事件',
      [
        field('事件名', 'event', { required: true, placeholder: '例如 annual_renew' }),
        field('其他字段（JSON，可不填）', 'fields', { placeholder: '{"ExpiredTime":1783036800}' }),
      ],
      (wanted) => sendEvent(kind, wanted),
    ),
    form(
      '添加模板',
      [
        field('模板 ID', 'templateId', { required: true }),
        field('标题', 'title', { required: true }),
        field('内容（字段用 {{thing1.DATA}}，换行用 \\n）', 'content', { required: true }),
      ],
      ({ content, ...template }) =>
        pull('模板已添加', `/${kind}/templates`, { ...template, content: content.replaceAll('\\n', '\n') }),
    ),
    hint('推送到没有应答的地址会连试三次，连续丢失后停推一分钟。'),
  ];
}

const numbersOf = (texts) =>
  Object.fromEntries(
    Object.entries(texts)
      .filter(([, text]) => text !== '')
      .map(([name, text]) => [name, Number(text)]),
  );

function sendEvent(kind, { event, fields }) {
  const more = readObject(fields);
  if (more === null) return refuse('其他字段不是 JSON 对象');
  return pull('事件已推送', `/${kind}/events`, { fields: { Event: event, ...more } });
}

function readObject(text) {
  if (text.trim() === '') return {};
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
