import { FirstTables1763798400000 } from './1763798400000-first-tables.ts';

/** In the order they are applied. */
export const migrations = [FirstTables1763798400000];
