import Taro from '@tarojs/taro';
import type { Place } from './place.ts';

export const whereAmI = (): Promise<Place> => Promise.resolve('mini-program');

/** WeChat's standard text size; its settings go from 15 to 26 or so. */
const STANDARD_TEXT = 17;

/** WeChat leaves text of mini-programs alone, so the pages follow its setting themselves; never smaller than drawn. */
export function textScale(): number {
  try {
    // Taro's types do not know the field yet.
    const { fontSizeSetting = STANDARD_TEXT } = Taro.getAppBaseInfo() as { fontSizeSetting?: number };
    return Math.min(1.6, Math.max(1, fontSizeSetting / STANDARD_TEXT));
  } catch {
    return 1; // older than base library 2.20.1
  }
}

/** Only web pages can be left for another address. */
export const leaveFor = (_address: string): void => undefined;
export const addressOfThisPage = (): string => '';
