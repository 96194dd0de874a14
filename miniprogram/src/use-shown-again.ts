import { useDidShow } from '@tarojs/taro';
import { useRef } from 'react';

/** When the page comes back into sight; not when it opens. */
export function useShownAgain(then: () => void): void {
  const isFirst = useRef(true);
  useDidShow(() => {
    if (!isFirst.current) then();
    isFirst.current = false;
  });
}
