import { Button } from '@nutui/nutui-react-taro';
import type { PropsWithChildren } from 'react';
import { Spinner } from './spinner.tsx';

interface PressProps {
  onPress(): void;
  /** main: the one thing to do here · plain: another thing · quiet: looks like a link · danger: takes something away */
  look?: 'main' | 'plain' | 'quiet' | 'danger';
  busy?: boolean;
  disabled?: boolean;
  /** As wide as the page. */
  wide?: boolean;
}

const looks = {
  main: { type: 'primary', fill: 'solid' },
  plain: { type: 'default', fill: 'outline' },
  quiet: { type: 'primary', fill: 'none' },
  danger: { type: 'danger', fill: 'none' },
} as const;

/** A button in the browser build is an element that browsers do not know. */
const forScreenReaders = { role: 'button' };

export function Press({
  onPress,
  look = 'main',
  busy = false,
  disabled = false,
  wide,
  children,
}: PropsWithChildren<PressProps>) {
  return (
    <Button
      {...forScreenReaders}
      {...looks[look]}
      shape="round"
      size="large"
      className={`press press-${look}`}
      block={wide ?? false}
      icon={busy ? <Spinner /> : null}
      disabled={disabled || busy}
      onClick={onPress}
    >
      {children}
    </Button>
  );
}
