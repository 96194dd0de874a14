export { insertAll, updateAll } from './bulk.ts';
export { type Database, openDatabase } from './database.ts';
export { isDuplicate } from './faults.ts';
export { locked, skipLocked } from './locked.ts';
export { instantOf } from './raw-instant.ts';
