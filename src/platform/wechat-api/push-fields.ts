import { XMLParser } from 'fast-xml-parser';
import { findObject } from './answer.ts';

export type PushFields = Readonly<Record<string, unknown>>;

/** What WeChat's XML is made of: elements without attributes, CDATA, text. */
const PIECE = /<\/?[A-Za-z_][\w.-]*\s*\/?>|<!\[CDATA\[[\s\S]*?\]\]>|[^<]+/y;
const DECLARATION = /^\uFEFF?\s*(?:<\?xml\s[^<>]*\?>)?/;

// Without parseTagValue a message id of 19 digits stays what it is; without htmlEntities `&#20013;` stays unread.
const parser = new XMLParser({ parseTagValue: false, ignoreAttributes: true, htmlEntities: true });

/** The fields of a push, XML or JSON by what stands in it; or why it cannot be read. */
export function readPushFields(text: string): PushFields | 'doctype' | 'body' {
  const start = text.replace(/^\uFEFF/, '').trimStart();
  if (start.startsWith('{')) return findObject(start) ?? 'body';
  if (hasOnlyPlainXml(text)) return readXml(text) ?? 'body';
  return /<!(DOCTYPE|ENTITY)/i.test(text) ? 'doctype' : 'body';
}

/**
 * A document type could define entities that grow without end. It is looked for by reading the pieces in order, because the same
 * letters inside CDATA are what somebody typed, and CDATA marks inside a comment or an attribute would hide it.
 */
function hasOnlyPlainXml(text: string): boolean {
  PIECE.lastIndex = DECLARATION.exec(text)?.[0].length ?? 0;
  while (PIECE.lastIndex < text.length) if (!PIECE.test(text)) return false;
  return true;
}

function readXml(text: string): PushFields | null {
  try {
    const document = parser.parse(text, true) as Record<string, unknown>;
    const root = document.xml;
    return typeof root === 'object' && root !== null ? (root as PushFields) : null;
  } catch {
    return null;
  }
}

/** Text of a field; numbers are told as text; empty when absent. */
export function textField(fields: PushFields, name: string): string {
  const value = Object.hasOwn(fields, name) ? fields[name] : undefined;
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
}

/** A field that holds one object, or several, each of which may come alone without a list. */
export function objectFields(fields: PushFields, name: string): PushFields[] {
  const value = Object.hasOwn(fields, name) ? fields[name] : undefined;
  const list: unknown[] = Array.isArray(value) ? value : [value];
  return list.filter((item): item is PushFields => typeof item === 'object' && item !== null && !Array.isArray(item));
}
