import { Column, type ColumnOptions, PrimaryColumn } from 'typeorm';

type Options = Pick<ColumnOptions, 'nullable' | 'select' | 'default'>;

/** Primary key: a UUID v7, made by the application, so rows sort by age without relying on a node's counter. */
export const id = () => PrimaryColumn('varchar', { length: 36 });

/** A reference to another row's id. */
export const ref = (options: Options = {}) => Column('varchar', { length: 36, ...options });

/** Short text. Compared byte by byte on both databases: an openid is not another openid in capitals. */
export const text = (length: number, options: Options = {}) => Column('varchar', { length, ...options });

/** Long text. */
export const longText = (options: Options = {}) => Column('text', options);

/** Whole fen. Never yuan, never a fraction. */
export const fen = (options: Options = {}) => Column('int', options);

/** Whole fen of many events together, up to 90,071,992,547,409.91 yuan. */
export const bigFen = (options: Options = {}) =>
  Column('bigint', { ...options, transformer: { to: (fen: unknown) => fen, from: asNumber } });

const asNumber = (stored: string | number | null): number | null => (stored === null ? null : Number(stored));

/** A small whole number. */
export const whole = (options: Options = {}) => Column('int', options);

/** A state of the entity's own table. */
export const state = (options: Options = {}) => Column('varchar', { length: 24, ...options });

/** A UTC instant with milliseconds. */
export const instant = (options: Options = {}) => Column('datetime', { precision: 3, ...options });

/** A Shanghai calendar day, 'YYYY-MM-DD'. */
export const day = (options: Options = {}) => Column('varchar', { length: 10, ...options });

/** A JSON document that is read and written whole, never searched. */
export const json = (options: Options = {}) => Column('simple-json', options);
