import type { MigrationInterface, QueryRunner } from 'typeorm';
import { addColumns, createTable, dropColumns, dropTables, type TableSql, varchar } from './tables.ts';

/** Up to 9,007,199,254,740,991 fen. */
const bigFen = 'bigint NOT NULL';

const ofPostings: TableSql = {
  columns: { eventDay: `${varchar(10)} DEFAULT ''` },
  index: [['eventDay', 'kind', 'id'], ['postedAt']],
};

const tables: Record<string, TableSql> = {
  ledger_totals: {
    columns: { day: varchar(10), account: varchar(32), debitFen: bigFen, creditFen: bigFen },
    key: ['day', 'account'],
  },
  ledger_marks: { columns: { name: varchar(24), value: varchar(32) }, key: ['name'] },
};

const MARKS = ['closed_through', 'totals_before'];

/** Closed days, and sums of the books. */
export class Books1764054000000 implements MigrationInterface {
  readonly name = 'Books1764054000000';

  async up(runner: QueryRunner): Promise<void> {
    await addColumns(runner, 'ledger_postings', ofPostings);
    await runner.query("UPDATE `ledger_postings` SET `eventDay` = `day` WHERE `eventDay` = ''");
    for (const [name, table] of Object.entries(tables)) await createTable(runner, name, table);
    for (const mark of MARKS)
      await runner.query(
        'INSERT INTO `ledger_marks` (`name`, `value`) SELECT ?, ? WHERE NOT EXISTS (SELECT 1 FROM `ledger_marks` WHERE `name` = ?)',
        [mark, '', mark],
      );
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropTables(runner, Object.keys(tables).reverse());
    await dropColumns(runner, 'ledger_postings', ofPostings);
  }
}
