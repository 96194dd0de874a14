import Taro from '@tarojs/taro';
import type { Shelf } from '../pending-wish.ts';

/** The phone's own storage. A full or forbidden one (private browsing) only means that nothing is remembered. */
export const shelf: Shelf = {
  get(name) {
    try {
      const kept: unknown = Taro.getStorageSync(name);
      return typeof kept === 'string' && kept !== '' ? kept : null;
    } catch {
      return null;
    }
  },
  set(name, value) {
    try {
      Taro.setStorageSync(name, value);
    } catch {
      // Nothing to do about it, and nothing that must be remembered.
    }
  },
  remove(name) {
    try {
      Taro.removeStorageSync(name);
    } catch {
      // As above.
    }
  },
};
