import { readFileSync } from 'node:fs';

/** What one template of the compiled `base.wxml` makes of a node. */
interface Kind {
  tag: string;
  /** Alias in the data → name of the attribute, for example `p11` → `open-type`. */
  attributes: Map<string, string>;
  /** Events that the template listens to, `tap` and the like; everything else never reaches the page. */
  binds: Set<string>;
  /** Those that do not go on to the parents. */
  catches: Set<string>;
}

export type Kinds = Map<string, Kind>;

/** A node as Taro's runtime sends it with `setData`. */
interface RawNode {
  sid: string;
  /** Which template draws it. */
  nn: string;
  cn?: RawNode[];
  /** Text of a text node. */
  v?: string;
  cl?: string;
  uid?: string;
  [alias: string]: unknown;
}

/** A node that a test can read and touch. */
export interface WeappNode {
  id: string;
  tag: string;
  classes: string[];
  attributes: Record<string, unknown>;
  /** All text inside, as a person reads it. */
  text: string;
  children: WeappNode[];
  parent: WeappNode | null;
  binds: ReadonlySet<string>;
  catches: ReadonlySet<string>;
}

const TEMPLATE = /<template name="tmpl_0_(\d+)(?:_blur)?">\s*<([\w-]+)([^>]*(?:>(?!\s*<\/?\w)[^>]*)*)>/g;
const ATTRIBUTE = /([\w-]+)="\{\{[^"]*?\bi\.(\w+)[^"]*\}\}"/g;
const BINDING = /(bind|catch)(\w+)="eh"/g;

/** Reads the templates as WeChat would: a node can only do what its template lets it. */
export function readKinds(baseWxml: string): Kinds {
  const kinds: Kinds = new Map();
  for (const [, alias = '', tag = '', head = ''] of readFileSync(baseWxml, 'utf8').matchAll(TEMPLATE)) {
    if (tag === 'template') continue; // an input's: the `_blur` one that follows draws it
    const bindings = [...head.matchAll(BINDING)];
    kinds.set(alias, {
      tag,
      attributes: new Map([...head.matchAll(ATTRIBUTE)].map(([, name = '', from = '']) => [from, name])),
      binds: new Set(bindings.map(([, , name = '']) => name)),
      catches: new Set(bindings.filter(([, how]) => how === 'catch').map(([, , name = '']) => name)),
    });
  }
  return kinds;
}

/** The page's data as a tree. Throws on a node that no template draws: on a phone it would be missing. */
export function drawTree(data: unknown, kinds: Kinds): WeappNode {
  const root = (data as { root?: RawNode }).root;
  const top: WeappNode = { ...emptyNode('page'), tag: 'page' };
  top.children = (root?.cn ?? []).map((raw) => draw(raw, top, kinds));
  top.text = textOf(top.children);
  return top;
}

const emptyNode = (id: string): WeappNode => ({
  id,
  tag: 'text',
  classes: [],
  attributes: {},
  text: '',
  children: [],
  parent: null,
  binds: new Set(),
  catches: new Set(),
});

function draw(raw: RawNode, parent: WeappNode, kinds: Kinds): WeappNode {
  const node: WeappNode = { ...emptyNode(raw.sid), parent };
  const kind = kinds.get(raw.nn);
  if (!kind) throw new Error(`no template of base.wxml draws a node of kind ${raw.nn}`);
  if (kind.tag === 'block') return { ...node, text: raw.v ?? '' };

  node.tag = kind.tag;
  node.classes = (raw.cl ?? '').split(/\s+/).filter((name) => name !== '');
  node.binds = kind.binds;
  node.catches = kind.catches;
  for (const [alias, name] of kind.attributes) if (raw[alias] !== undefined) node.attributes[name] = raw[alias];
  node.children = (raw.cn ?? []).map((child) => draw(child, node, kinds));
  node.text = textOf(node.children);
  return node;
}

/** Neighbouring text nodes are one sentence; boxes stand apart. */
function textOf(children: WeappNode[]): string {
  return children.reduce((before, { tag, text }) => {
    if (text === '') return before;
    return before === '' || tag === 'text' ? before + text : `${before} ${text}`;
  }, '');
}

export function* nodesOf(node: WeappNode): Generator<WeappNode> {
  yield node;
  for (const child of node.children) yield* nodesOf(child);
}

export function* upwardsFrom(node: WeappNode | null): Generator<WeappNode> {
  for (let at = node; at; at = at.parent) yield at;
}

/** For a failing test: one line a node that says something. */
export function outline(node: WeappNode, depth = 0): string {
  const value = node.attributes.value;
  const says = node.children.length === 0 ? node.text : '';
  const typed = typeof value === 'string' && value !== '' ? ` [${value}]` : '';
  const own = says !== '' || typed !== '' ? `${'  '.repeat(depth)}${node.tag}: ${says}${typed}\n` : '';
  return own + node.children.map((child) => outline(child, depth + 1)).join('');
}
