export { askAccount } from './account.ts';
export { correctUploaded } from './correct-shipment.ts';
export { lookAtShipments } from './look.ts';
export { deliverOrder, prepareShipment, skipRefunded } from './prepare-shipment.ts';
export { shipmentRoutes } from './staff.routes.ts';
export { learnOfTrade } from './trade-told.ts';
export { uploadShipment } from './upload-shipment.ts';
