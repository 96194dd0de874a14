import { buffer } from 'node:stream/consumers';
import { readTable, type TableRow, UnreadableTable } from '../../../src/platform/files/read-table.ts';
import { type SpreadsheetKind, writeSpreadsheet } from '../../../src/platform/files/spreadsheet.ts';
import { zip } from '../../support/zip.ts';

async function rowsOf(bytes: Buffer): Promise<TableRow[]> {
  const rows: TableRow[] = [];
  for await (const row of readTable(bytes)) rows.push(row);
  return rows;
}
const faultOf = async (bytes: Buffer) => {
  try {
    return `read ${(await rowsOf(bytes)).length} rows`;
  } catch (error) {
    if (!(error instanceof UnreadableTable)) throw error;
    return error.line === null ? error.fault : `${error.fault} ${error.line}`;
  }
};
const csv = (text: string) => Buffer.from(text);

async function* from(rows: (string | number | null)[][]) {
  yield* rows;
}
const fileOf = (kind: SpreadsheetKind, rows: (string | number | null)[][]) =>
  buffer(
    writeSpreadsheet(kind, {
      name: '名单',
      columns: [
        { title: '订单编号', width: 20 },
        { title: '材料', width: 20 },
      ],
      rows: from(rows),
    }),
  );

describe('A table', () => {
  it.each(['csv', 'xlsx'] as const)('that we wrote as %s is read as it was, empty rows left out', async (kind) => {
    const rows = await rowsOf(
      await fileOf(kind, [
        ['TB1', '营业执照'],
        [null, null],
        ['TB3', ' =1+1 '],
      ]),
    );
    expect(rows.map(({ line }) => line)).toEqual([1, 2, 4]);
    expect(rows[0]!.cells).toEqual(['订单编号', '材料']);
    expect(rows[1]!.cells).toEqual(['TB1', '营业执照']);
    expect(rows[2]!.cells[1]).toContain('=1+1');
  });

  it('in csv may have a mark, Windows line ends, quotes, line breaks in cells, and be written in GB 18030', async () => {
    const text = '订单编号,材料\r\nTB1,"营业执照,副本"\r\n\r\nTB2,"第一行\r\n第二行"\r\nTB3,约 5" 屏\r\n';
    const expected = [
      { line: 1, cells: ['订单编号', '材料'] },
      { line: 2, cells: ['TB1', '营业执照,副本'] },
      { line: 4, cells: ['TB2', '第一行\r\n第二行'] },
      { line: 5, cells: ['TB3', '约 5" 屏'] },
    ];
    expect(await rowsOf(csv(text))).toEqual(expected);
    expect(await rowsOf(csv(`\uFEFF${text}`))).toEqual(expected);
    const gb = Buffer.from('b6a9b5a5b1e0bac52cb2c4c1cf0d0a5442312cd3aad2b5d6b4d5d50d0a', 'hex');
    expect(await rowsOf(gb)).toEqual([
      { line: 1, cells: ['订单编号', '材料'] },
      { line: 2, cells: ['TB1', '营业执照'] },
    ]);
  });

  it.each(['\t', ';'])('may be parted by %j, and a comma is then a comma', async (delimiter) => {
    const rows = [
      ['订单编号', '材料'],
      ['TB1', '营业执照,副本;'].map((cell) => (delimiter === ';' ? `"${cell}"` : cell)),
    ];
    const read = await rowsOf(csv(rows.map((row) => row.join(delimiter)).join('\n')));
    expect(read.map(({ cells }) => cells)).toEqual([
      ['订单编号', '材料'],
      ['TB1', '营业执照,副本;'],
    ]);
  });

  it('of a hundred thousand rows is read whole', async () => {
    const rows = Array.from({ length: 100_000 }, (_none, at) => [`TB${at}`, '营业执照']);
    expect(await rowsOf(await fileOf('xlsx', rows))).toHaveLength(100_001);
  }, 60_000);
});

describe('What is no table', () => {
  it.each([
    ['nothing', Buffer.alloc(0), 'read 0 rows'],
    ['a picture', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), 'not_a_table'],
    ['a zip of something else', zip('readme.txt', Buffer.from('hello')), 'not_a_table'],
    ['an xlsx that was cut short', Buffer.from('PK\u0003\u0004rest'), 'not_a_table'],
    ['a csv with a quote that nobody closes', csv('a,b\n"c,d\ne,f\n'), 'quote_open 2'],
    ['a csv whose quote swallows everything', csv(`a,b\n"${'x,y\n'.repeat(10_000)}`), 'line_too_long'],
    ['a zip bomb', zip('xl/worksheets/sheet1.xml', Buffer.alloc(64 * 1024 * 1024)), 'too_much_inside'],
    [
      'a zip bomb that says it is small',
      zip('xl/worksheets/sheet1.xml', Buffer.alloc(64 * 1024 * 1024), 1000),
      'not_a_table',
    ],
  ])('%s is told as such', async (_what, bytes, told) => {
    expect(await faultOf(bytes)).toContain(told);
  });

  it('a bomb is refused before it is unpacked', async () => {
    const bomb = zip('xl/worksheets/sheet1.xml', Buffer.alloc(150 * 1024 * 1024));
    const before = process.memoryUsage().rss;
    expect(await faultOf(bomb)).toBe('too_much_inside');
    expect(process.memoryUsage().rss - before).toBeLessThan(50 * 1024 * 1024);
  });
});
