export { recogniseRevenue, recogniseRevenueOf } from './recognise.ts';
