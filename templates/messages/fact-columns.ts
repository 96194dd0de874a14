import * as facts from './facts.ts';
import type { MessageTemplate } from './message.ts';

/** How a fact stands in a table: the card's own words for it, and how its text is read. */
export interface FactColumn {
  fact: string;
  title: string;
  /** Text of a cell to the fact; what cannot be read stays a text, for the fact's own shape to refuse. */
  read(text: string): unknown;
  /** How a cell is to be written, where the shape's own words would mislead. */
  hint: string | null;
}

const asText = { read: (text: string): unknown => text, hint: null };

export function factColumns(template: MessageTemplate): FactColumn[] {
  const titles = titlesOf(template);
  return Object.entries(template.facts.shape).map(([fact, shape]) => {
    const title = titles.get(fact) ?? fact;
    if (shape === facts.fen) return { fact, title: `${title}（元）`, read: readYuan, hint: '请写成 1299.50' };
    if (shape === facts.instant) return { fact, title, read: readClock, hint: '请写成 2026-11-30 18:00' };
    if (shape === facts.day) return { fact, title, read: readDay, hint: '请写成 2026-11-30' };
    return { fact, title, ...asText };
  });
}

/** Asks each field of the card which fact it shows. */
function titlesOf({ fields }: MessageTemplate): Map<string, string> {
  const titles = new Map<string, string>();
  for (const [label, value] of Object.values(fields)) {
    const asked = new Proxy({}, { get: (_none, fact) => void titles.set(String(fact), label) });
    try {
      value(asked);
    } catch {
      // It was asked; what it makes of nothing does not matter.
    }
  }
  return titles;
}

/** `1,234.5` yuan as 123450 fen. */
function readYuan(text: string): unknown {
  const [, yuan, cents = ''] = /^[¥￥]?(\d{1,3}(?:,\d{3})+|\d{1,10})(?:\.(\d{1,2}))?$/.exec(text) ?? [];
  return yuan === undefined ? text : Number(yuan.replaceAll(',', '')) * 100 + Number(cents.padEnd(2, '0'));
}

/** A Shanghai clock, `2026-11-30 18:00` or `2026/11/30 18:00:00`, as an ISO instant. */
function readClock(text: string): unknown {
  const [, year, month, day, hour, minute, second = '00'] =
    /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})[ T](\d{1,2}):(\d{2})(?::(\d{2}))?$/.exec(text) ?? [];
  if (!year) return text;
  const two = (digits: string | undefined) => digits!.padStart(2, '0');
  const wall = `${year}-${two(month)}-${two(day)}T${two(hour)}:${minute}:${second}`;
  const at = new Date(`${wall}+08:00`);
  // The 31st of June is no day.
  const isReal = !Number.isNaN(at.getTime()) && new Date(at.getTime() + 8 * 3600_000).toISOString().startsWith(wall);
  return isReal ? at.toISOString() : text;
}

/** `2026/11/3`, or midnight of that day as spreadsheets keep days, as `2026-11-03`. */
function readDay(text: string): unknown {
  const [, year, month, day] = /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?: 00:00:00)?$/.exec(text) ?? [];
  return year ? `${year}-${month!.padStart(2, '0')}-${day!.padStart(2, '0')}` : text;
}
