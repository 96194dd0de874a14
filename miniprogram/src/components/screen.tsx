import { View } from '@tarojs/components';
import type { PropsWithChildren, ReactNode } from 'react';
import { textScale } from '../platform/here';
import './screen.scss';

/** A page's frame: margins, safe areas, the text size that the person chose, and a bar that stays at the bottom. */
export function Screen({ children, footer }: PropsWithChildren<{ footer?: ReactNode }>) {
  return (
    <View className={footer ? 'screen screen-footed' : 'screen'} style={{ ['--scale' as string]: String(textScale()) }}>
      <View className="screen-body">{children}</View>
      {footer ? <View className="screen-footer">{footer}</View> : null}
    </View>
  );
}
