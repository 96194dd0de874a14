export { catalogueRoutes } from './app.routes.ts';
export type { ServiceDefinition } from './definition.ts';
export { findServicesOnSale, getServiceOnSale, getServiceVersion } from './find-service.ts';
export { BadServiceFiles, loadServices, servicesFolder } from './load-services.ts';
export { checkAnswers } from './pre-check.ts';
export { getPackage, type Price, priceOf } from './price.ts';
export { publishServices } from './publish-services.ts';
export { stepInForce } from './refund-step.ts';
