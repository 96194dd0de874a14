import { addPerson } from './add-person.js';
import { h } from './dom.js';
import { draw } from './icons.js';
import { takePhone } from './take-phone.js';
import { firstSign } from './words.js';

/** Who holds the phone, and who else could. */
export function me({ person, people, officialAccount, miniProgram }) {
  const fact = (label, value) => h('div', {}, h('dt', {}, label), h('dd', {}, value));
  return [
    h(
      'header',
      { class: 'profile' },
      h('span', { class: 'avatar large person' }, firstSign(person.nickname)),
      h('div', {}, h('h1', {}, person.nickname), h('p', {}, `手机号 ${person.phone}`)),
    ),
    h(
      'dl',
      { class: 'facts' },
      fact('服务号', person.follows ? '已关注' : '未关注'),
      fact('接收服务号消息', person.blocks ? '已拒收' : '接收'),
      fact('服务号 openid', person.openids[officialAccount.appid]),
      fact('小程序 openid', person.openids[miniProgram.appid]),
      fact('unionid', person.unionid),
    ),
    h('h2', { class: 'rows-title' }, '换人拿手机'),
    h(
      'ul',
      { class: 'rows' },
      people
        .filter(({ id }) => id !== person.id)
        .map(({ id, nickname }) =>
          h(
            'li',
            { key: id },
            h(
              'button',
              { type: 'button', class: 'row', 'data-testid': `take-${id}`, onclick: () => void takePhone(id) },
              h('span', { class: 'avatar small person' }, firstSign(nickname)),
              h('span', { class: 'row-words' }, nickname),
              draw('forward'),
            ),
          ),
        ),
      h(
        'li',
        { key: '+' },
        h(
          'button',
          { type: 'button', class: 'row', onclick: () => void addPerson() },
          h('span', { class: 'row-icon' }, draw('plus')),
          h('span', { class: 'row-words' }, '添加一个人'),
        ),
      ),
    ),
  ];
}
