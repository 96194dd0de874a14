export { holdClosedThrough, lockMark, moveMark, readMark } from './marks.ts';
export { type Entry, post } from './post.ts';
export { balanceOf, postingsOf } from './read-books.ts';
export { booksRoutes } from './staff.routes.ts';
export { findUnbalanced, readEveryLine, readTotals, sumUp } from './totals.ts';
