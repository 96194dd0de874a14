export { billRoutes } from './bill.routes.ts';
export { keepBill } from './keep-bill.ts';
export { fetchBills, fetchDueBills } from './fetch-bills.ts';
export { matchAgain, matchDay } from './match-day.ts';
export { reconciliationRoutes } from './staff.routes.ts';
