import { h } from '../dom.js';

export const button = (words, deed, more = {}) =>
  h('button', { type: 'button', onclick: () => void deed(), ...more }, words);

export const section = (title, ...content) =>
  h('section', { class: 'console-section', key: title }, h('h2', {}, title), content);

export const hint = (words) => h('p', { class: 'hint' }, words);

/** A value from a fixed list; `pull` may refuse it, then the old one is shown again. */
export function choice(label, value, options, onPick, more = {}) {
  const known = options.map(([id]) => id);
  return h(
    'label',
    { class: 'control' },
    h('span', {}, label),
    h(
      'select',
      {
        value: String(value),
        onchange: (event) => void keepOrRevert(event.target, known[event.target.selectedIndex], String(value), onPick),
        ...more,
      },
      options.map(([id, words]) => h('option', { value: String(id) }, words)),
    ),
  );
}

export function toggle(label, isOn, onFlip, more = {}) {
  const flip = async ({ target }) => {
    const answer = await onFlip(target.checked);
    if (!answer.ok) target.checked = isOn;
  };
  return h(
    'label',
    { class: 'control flag' },
    h('input', { type: 'checkbox', checked: isOn, onchange: (event) => void flip(event), ...more }),
    h('span', {}, label),
  );
}

/** One line that counts when Enter is pressed or the line is left. */
export function line(label, value, onSet, more = {}) {
  return h(
    'label',
    { class: 'control' },
    h('span', {}, label),
    h('input', {
      value,
      onchange: (event) => void keepOrRevert(event.target, event.target.value.trim(), value, onSet),
      ...more,
    }),
  );
}

async function keepOrRevert(control, wanted, before, set) {
  const answer = await set(wanted);
  if (!answer.ok) control.value = before;
}

/** A form of its own fields; they keep what was written. */
export function form(words, fields, onSubmit, more = {}) {
  const submit = (event) => {
    event.preventDefault();
    const wanted = Object.fromEntries(new FormData(event.target));
    void onSubmit(wanted, event.target);
  };
  return h('form', { class: 'line-form', onsubmit: submit, ...more }, fields, h('button', { type: 'submit' }, words));
}

export const field = (label, name, more = {}) =>
  h('label', { class: 'control' }, h('span', {}, label), h('input', { name, autocomplete: 'off', ...more }));

export const pick = (label, name, options, more = {}) =>
  h(
    'label',
    { class: 'control' },
    h('span', {}, label),
    h(
      'select',
      { name, ...more },
      options.map(([id, words]) => h('option', { value: id }, words)),
    ),
  );

/** A table that says so when there is nothing in it. */
export const table = (caption, heads, rows, whenEmpty) =>
  rows.length === 0
    ? hint(whenEmpty)
    : h(
        'div',
        { class: 'table-place', tabindex: '0', role: 'group', 'aria-label': caption },
        h(
          'table',
          {},
          h(
            'thead',
            {},
            h(
              'tr',
              {},
              heads.map((words) => h('th', { scope: 'col' }, words)),
            ),
          ),
          h('tbody', {}, rows),
        ),
      );
