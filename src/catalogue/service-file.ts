import { type Document, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument, visit } from 'yaml';
import { crossCheck } from './cross-checks.ts';
import { definitionShape, RESERVED_KEYS, type ServiceDefinition } from './definition.ts';
import { sentenceFor } from './fault-sentences.ts';

/** Something wrong in a service file. */
export interface ServiceFileFault {
  file: string;
  /** From 1. */
  line: number;
  /** From 1. */
  column: number;
  /** Chinese, for the administrator who writes the file; begins with the place in the definition. */
  sentence: string;
}

type Path = readonly PropertyKey[];

/** What a definition in JSON may take, bytes: a column holds 65,535. */
const MAX_BYTES = 60_000;

/**
 * Reads one service file and says everything that is wrong with it. A file that is not YAML at all is not looked at further.
 * @param file its name; without `.yaml` it must be the service's code
 */
export function readServiceFile(
  file: string,
  text: string,
): { definition: ServiceDefinition; faults: [] } | { definition: null; faults: ServiceFileFault[] } {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, stringKeys: true });
  const at = (offset: number, sentence: string): ServiceFileFault => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(line, 1), column: Math.max(col, 1), sentence };
  };

  const faults = syntaxFaults(document).map(({ offset, sentence }) => at(offset, sentence));
  if (!isTree(document)) return { definition: null, faults };

  const checked = checkDefinition(document.toJS({ maxAliasCount: 0 }), file);
  for (const { path, sentence } of checked.faults) {
    faults.push(at(offsetOf(document, path), path.length > 0 ? `${placeName(path)}：${sentence}` : sentence));
  }
  if (checked.definition && faults.length === 0) return { definition: checked.definition, faults: [] };
  return { definition: null, faults: faults.toSorted((a, b) => a.line - b.line || a.column - b.column) };
}

/** Can the document be looked at further? One with keys written twice can. */
function isTree(document: Document): boolean {
  let isOne = document.errors.every(({ code }) => code === 'DUPLICATE_KEY');
  visit(document, { Alias: () => void (isOne = false) });
  return isOne;
}

const SYNTAX: Partial<Record<string, string>> = {
  DUPLICATE_KEY: '同一层中重复的键',
  TAB_AS_INDENT: '不能用制表符缩进，请用空格',
  MULTIPLE_DOCS: '一个文件只能写一个服务项目（多余的“---”）',
};

/** Anchors, aliases and tags have no use here, and a few lines of them can stand for gigabytes. */
function syntaxFaults(document: Document): { offset: number; sentence: string }[] {
  const warnings = document.warnings.filter(({ code }) => code !== 'TAG_RESOLVE_FAILED');
  const faults = [...document.errors, ...warnings].map(({ code, message, pos }) => ({
    offset: pos[0],
    sentence: SYNTAX[code] ?? `YAML 语法错误：${message}`,
  }));
  visit(document, {
    Alias: (_, { range }) => void faults.push({ offset: range?.[0] ?? 0, sentence: '不支持引用（*），请把内容写出来' }),
    Node: (_, { range, tag }) => {
      if (tag !== undefined) faults.push({ offset: range?.[0] ?? 0, sentence: `不支持标签“${tag}”` });
    },
  });
  return faults;
}

interface Misfit {
  path: Path;
  sentence: string;
}

function checkDefinition(raw: unknown, file: string): { definition: ServiceDefinition | null; faults: Misfit[] } {
  const parsed = definitionShape.safeParse(raw);
  const faults: Misfit[] = parsed.success ? [] : parsed.error.issues.flatMap((issue) => misfits(issue, raw));
  if (isRecord(raw)) faults.push(...crossCheck(raw), ...nameFaults(raw, file));
  if (parsed.success && Buffer.byteLength(JSON.stringify(parsed.data)) > MAX_BYTES)
    faults.push({ path: [], sentence: `内容过长：全部文字合计不能超过 ${MAX_BYTES} 字节` });
  return { definition: parsed.success && faults.length === 0 ? parsed.data : null, faults };
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function nameFaults(raw: Record<string, unknown>, file: string): Misfit[] {
  if (typeof raw.code !== 'string' || `${raw.code}.yaml` === file) return [];
  return [{ path: ['code'], sentence: `必须与文件名一致：文件名应为 ${raw.code}.yaml` }];
}

type Issue = Parameters<typeof sentenceFor>[0];

function misfits(issue: Issue, raw: unknown): Misfit[] {
  if (issue.code !== 'unrecognized_keys') return [{ path: issue.path, sentence: sentenceFor(issue, raw) }];
  return issue.keys.map((key) => {
    const isReserved = issue.path.length === 0 && RESERVED_KEYS.includes(key);
    return { path: [...issue.path, key], sentence: isReserved ? '该部分将在后续版本支持，目前不能填写' : '不认识的键' };
  });
}

/** `packages[0].priceFen` */
const placeName = (path: Path): string =>
  path.map((step, at) => (typeof step === 'number' ? `[${step}]` : `${at > 0 ? '.' : ''}${String(step)}`)).join('');

/** Where the key stands, or what is nearest above it when it is missing. */
function offsetOf(document: Document, path: Path): number {
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
  for (const step of path) {
    const child = childOf(node, step);
    if (!child) return offset;
    offset = startOf(child.key) ?? offset;
    node = child.value;
  }
  return offset;
}

const startOf = (node: unknown): number | undefined => (isNode(node) ? node.range?.[0] : undefined);

function childOf(node: unknown, step: PropertyKey): { key: unknown; value: unknown } | undefined {
  if (isMap(node)) return node.items.find(({ key }) => isScalar(key) && key.value === step);
  if (!isSeq(node) || typeof step !== 'number') return undefined;
  const item = node.items[step];
  return { key: item, value: item };
}
