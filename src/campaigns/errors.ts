import type { FieldFault } from '../contracts/errors.ts';
import type { Lapse } from '../messages/index.ts';
import { AppError } from '../platform/errors.ts';

export const campaignNotFound = () => new AppError(404, 'campaign.not_found');
export const rehearseFirst = () => new AppError(409, 'campaign.rehearse_first');
export const nobodyToReach = () => new AppError(409, 'campaign.nobody_to_reach');
export const secondPersonNeeded = () => new AppError(409, 'campaign.second_person_needed');
export const notEditable = () => new AppError(409, 'campaign.not_editable');
export const nothingToDecide = () => new AppError(409, 'message.nothing_to_decide');
export const rightsLapse = ({ day, why }: Lapse) => new AppError(409, 'campaign.rights_lapse', { day, why });
export const startsInPast = () => new AppError(409, 'campaign.starts_in_past');
/** What reads like advertising is not sent as a service notice. */
export const marketingRefused = (fields: FieldFault[]) => new AppError(422, 'message.marketing_refused', { fields });
