export * from './app.ts';
export * from './errors.ts';
export * from './provinces.ts';
export * from './states.ts';
export * from './staff.ts';
export * from './messages.ts';
export * from './customers.ts';
export * from './campaigns.ts';
