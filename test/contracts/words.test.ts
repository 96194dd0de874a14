import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as contracts from '../../src/contracts/index.ts';
import { errorWords } from '../../src/contracts/errors.ts';
import { messageTemplates } from '../../templates/messages/index.ts';

const CHINESE = /\p{Script=Han}/u;

/** Everything exported maps names to words, but these. */
const OTHERS = ['errorWords', 'permittedRoles', 'sessionOnly', 'outcomesOf', 'reasonWords'];
const tables = Object.entries(contracts).filter(([name]) => !OTHERS.includes(name)) as [
  string,
  Record<string, string>,
][];

it('there are tables of states', () => {
  expect(tables.map(([name]) => name)).toEqual(
    expect.arrayContaining(['orderStates', 'paymentStates', 'deliveryStates']),
  );
});

it.each(tables)('every one of %s has a Chinese word of its own', (_name, words) => {
  const all = Object.values(words);
  expect(all.length).toBeGreaterThan(1);
  expect(new Set(all).size).toBe(all.length);
  for (const [state, word] of Object.entries(words)) {
    expect(state).toMatch(/^[a-z0-9]+([_-][a-z0-9]+)*$/);
    expect(word).toMatch(CHINESE);
    expect(word).not.toMatch(/^\s|\s$|[A-Za-z]{3}/);
  }
});

it.each(Object.entries(contracts.permittedRoles))(
  'the permission %s belongs to roles that there are',
  (_name, roles) => {
    expect(roles.length).toBeGreaterThan(0);
    expect(new Set(roles).size).toBe(roles.length);
    for (const role of roles) expect(Object.keys(contracts.staffRoles)).toContain(role);
  },
);

it.each(Object.entries(errorWords))('the error %s has a Chinese and an English sentence', (code, { zh, en }) => {
  expect(code).toMatch(/^[a-z]+\.[a-z_]+$/);
  expect(zh).toMatch(CHINESE);
  expect(zh).not.toMatch(/[,.!?]|\s$/);
  expect(en).toMatch(/^[A-Z][^\p{Script=Han}]*\.$/u);
});

it('no two errors say the same', () => {
  for (const language of ['zh', 'en'] as const) {
    const all = Object.values(errorWords).map((words) => words[language]);
    expect(new Set(all).size).toBe(all.length);
  }
});

const sources = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const name = path.join(folder, entry.name);
    if (entry.isDirectory()) return sources(name);
    return name.endsWith('.ts') && !name.includes('contracts') ? [readFileSync(name, 'utf8')] : [];
  });

/** The phone bears it; a server that holds idempotency elsewhere than in the deed's own transaction would need it. */
const NOT_SAID_YET = new Set(['request.in_progress']);

it('every code that the server refuses with has words, and every code with words is refused with', () => {
  const source = sources('src').join('\n');
  const made = [...source.matchAll(/new AppError\(\s*\d+,\s*'([^']+)'/g)].map((match) => match[1]!);
  expect(made.length).toBeGreaterThan(20);
  for (const code of made) expect(Object.keys(errorWords)).toContain(code);
  for (const code of Object.keys(errorWords))
    expect([code, source.includes(`'${code}'`)]).toEqual([code, !NOT_SAID_YET.has(code)]);
});

it('every message has a title in Chinese', () => {
  for (const { title } of Object.values(messageTemplates)) expect(title).toMatch(CHINESE);
});
