import { XMLBuilder } from 'fast-xml-parser';

/** The fields of a push. Strings become CDATA in XML, numbers stand bare; a bigint is an id beyond 2^53. */
export interface PushContent {
  [name: string]: PushValue;
}
export type PushValue = string | number | bigint | PushContent | PushContent[];

/** How the JSON of a mini-program's push differs from one sample of the documentation to the next. */
export interface JsonHabits {
  /** A list of one element comes as the bare element. */
  singleListAs: 'object' | 'array';
  numbersAs: 'string' | 'number';
}

/** The lists of subscribe-message events hang under one of these in XML and at the top in JSON. */
const LIST_HOLDER = /^SubscribeMsg(?:Popup|Change|Sent)Event$/;

const builder = new XMLBuilder({ cdataPropName: '__cdata', suppressEmptyNode: false });

export const toXml = (content: PushContent): string => builder.build({ xml: asNodes(content) }) as string;

function asNodes(value: PushValue): unknown {
  if (typeof value === 'string') return { __cdata: value };
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  if (Array.isArray(value)) return value.map(asNodes);
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, asNodes(inner)]));
}

export function toJson(content: PushContent, habits: JsonHabits): string {
  const flat = Object.entries(content).flatMap(([name, value]) =>
    LIST_HOLDER.test(name) ? Object.entries(value as PushContent) : [[name, value] as const],
  );
  return JSON.stringify(jsonValue(Object.fromEntries(flat), habits));
}

function jsonValue(value: PushValue, habits: JsonHabits): unknown {
  if (typeof value === 'string') return value;
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'number') return habits.numbersAs === 'string' ? String(value) : value;
  if (Array.isArray(value)) {
    const elements = value.map((element) => jsonValue(element, habits));
    return elements.length === 1 && habits.singleListAs === 'object' ? elements[0] : elements;
  }
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, jsonValue(inner, habits)]));
}
