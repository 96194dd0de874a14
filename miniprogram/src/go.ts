import Taro from '@tarojs/taro';
import { pages } from './addresses.ts';
import { t } from './words.ts';

/** Moving between pages. A move that WeChat refuses (twice at once, say) leaves the person where they are. */
const quietly = (moving: Promise<unknown>): void => void moving.catch(() => undefined);

export const go = {
  to: (address: string) => quietly(Taro.navigateTo({ url: address })),
  /** The way back skips the page that is left. */
  onTo: (address: string) => quietly(Taro.redirectTo({ url: address })),
  /** To the page before; to `otherwise` when this page was the first. */
  back: (otherwise: string) =>
    quietly(Taro.getCurrentPages().length > 1 ? Taro.navigateBack() : Taro.redirectTo({ url: otherwise })),
  /** To this page of which there is one only: back when it is the page before. */
  backTo(address: string) {
    const before = Taro.getCurrentPages().at(-2)?.route ?? '';
    quietly(before.includes(address.slice(1)) ? Taro.navigateBack() : Taro.redirectTo({ url: address }));
  },
  toOrders: () => quietly(Taro.switchTab({ url: pages.orders })),
  toServices: () => quietly(Taro.switchTab({ url: pages.services })),
};

export const toast = (says: string): void => quietly(Taro.showToast({ title: says, icon: 'none', duration: 2500 }));

export const copy = (text: string): void =>
  quietly(Taro.setClipboardData({ data: text }).then(() => toast(t('common.copied'))));

/** Asks before something that cannot be undone. */
export async function isSure(question: string, yes: string, no: string): Promise<boolean> {
  const { confirm } = await Taro.showModal({
    content: question,
    confirmText: yes,
    cancelText: no,
    confirmColor: '#c0392b',
  });
  return confirm;
}
