import { dialog, toast } from './dialogs.js';
import { h } from './dom.js';
import { lever } from './server.js';
import { takePhone } from './take-phone.js';

/** Asks for a new person and gives them the phone. */
export async function addPerson() {
  const nickname = h('input', { 'aria-label': '微信昵称', placeholder: '微信昵称', autofocus: true, maxlength: '64' });
  const phone = h('input', { 'aria-label': '手机号（可不填）', placeholder: '手机号（可不填）', inputmode: 'tel' });
  const follows = h('input', { type: 'checkbox', id: 'new-person-follows' });
  const isWanted = await dialog({
    title: '添加一个人',
    body: h(
      'div',
      { class: 'dialog-form' },
      nickname,
      phone,
      h('label', { class: 'check', for: 'new-person-follows' }, follows, '已关注服务号'),
    ),
    yes: '添加',
    no: '取消',
  });
  if (!isWanted) return;
  const more = phone.value.trim() === '' ? {} : { phone: phone.value.trim() };
  const answer = await lever('/people', { nickname: nickname.value.trim(), follows: follows.checked, ...more });
  if (answer.ok) await takePhone(answer.value.id);
  else toast(`没有添加：${answer.error}`);
}
