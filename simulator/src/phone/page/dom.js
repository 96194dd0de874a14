/** Handlers that a new picture of an element may replace. */
const HANDLERS = ['onclick', 'onchange', 'oninput', 'onsubmit', 'onkeydown', 'ontoggle'];

/**
 * Makes an element. `key` tells rows of a list apart; `value` and `checked` are kept equal to what is given here, and an
 * input without them belongs to the person who types into it, from what is `initial` in it.
 */
export function h(name, properties = {}, ...children) {
  const element = name === 'svg' ? document.createElementNS(SVG, 'svg') : document.createElement(name);
  const { key, value, checked, initial, ...rest } = properties;
  for (const [attribute, wanted] of Object.entries(rest)) {
    if (HANDLERS.includes(attribute)) element[attribute] = wanted;
    else if (wanted === true) element.setAttribute(attribute, '');
    else if (wanted !== false && wanted !== null && wanted !== undefined) element.setAttribute(attribute, wanted);
  }
  element.append(
    ...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false),
  );
  element.key = key;
  element.wanted = { value, checked };
  control(element, element.wanted);
  if (initial !== undefined) element.value = initial;
  return element;
}

const SVG = 'http://www.w3.org/2000/svg';

/** A drawing of one path in a square of 24. */
export function icon(path) {
  const element = h('svg', { class: 'icon', viewBox: '0 0 24 24', 'aria-hidden': 'true' });
  const line = document.createElementNS(SVG, 'path');
  line.setAttribute('d', path);
  element.append(line);
  return element;
}

/** Makes the children of an element look like these, and leaves alone what is right already: focus, scrolling, typing. */
export function render(element, ...children) {
  const picture = document.createElement('div');
  picture.append(...children.flat(Infinity).filter(Boolean));
  morphChildren(element, picture);
}

function morphChildren(from, to) {
  const keyed = new Map([...from.childNodes].filter(({ key }) => key !== undefined).map((child) => [child.key, child]));
  let cursor = from.firstChild;
  for (const next of [...to.childNodes]) {
    const match = next.key === undefined ? sameKind(cursor, next) : keyed.get(next.key);
    if (!match) {
      from.insertBefore(next, cursor);
      continue;
    }
    if (match === cursor) cursor = cursor.nextSibling;
    else from.insertBefore(match, cursor);
    morph(match, next);
  }
  while (cursor) {
    const after = cursor.nextSibling;
    cursor.remove();
    cursor = after;
  }
}

const sameKind = (node, next) =>
  node && node.key === undefined && node.nodeName === next.nodeName && node.nodeType === next.nodeType ? node : null;

function morph(from, to) {
  if (from.nodeType !== Node.ELEMENT_NODE) {
    if (from.nodeValue !== to.nodeValue) from.nodeValue = to.nodeValue;
    return;
  }
  for (const { name } of [...from.attributes]) {
    // What a person folded open stays open.
    if (!to.hasAttribute(name) && !(from.nodeName === 'DETAILS' && name === 'open')) from.removeAttribute(name);
  }
  for (const { name, value } of to.attributes) if (from.getAttribute(name) !== value) from.setAttribute(name, value);
  for (const handler of HANDLERS) from[handler] = to[handler];
  from.wanted = to.wanted;
  morphChildren(from, to);
  if (document.activeElement !== from) control(from, to.wanted ?? {});
}

function control(element, { value, checked }) {
  if (value !== undefined && element.value !== value) element.value = value;
  if (checked !== undefined && element.checked !== checked) element.checked = checked;
}
