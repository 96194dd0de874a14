export { billRoutes } from './bill.routes.ts';
export {
  daysBeingFetched,
  daysWithBills,
  fetchBills,
  fetchDays,
  fetchDueBills,
  findMissingDays,
} from './fetch-bills.ts';
export { governmentRoutes } from './government.routes.ts';
export { keepBill } from './keep-bill.ts';
export { showDays } from './list.ts';
export { matchAgain, matchDay } from './match-day.ts';
export { reconciliationRoutes } from './staff.routes.ts';
