import { findPlace } from './js-sdk.h5.ts';
import type { Place } from './place.ts';

export const whereAmI = (): Promise<Place> => findPlace();
/** Browsers and WeChat's web view enlarge text by themselves. */
export const textScale = (): number => 1;
export const leaveFor = (address: string): void => location.assign(address);
export const addressOfThisPage = (): string => location.href;
