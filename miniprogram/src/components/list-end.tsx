import { View } from '@tarojs/components';
import { tellProblem } from '../problem.ts';
import { t } from '../words.ts';
import { Notice } from './card.tsx';
import { Press } from './press.tsx';
import './list-end.scss';

interface ListEndProps {
  /** How many rows are shown. */
  count: number;
  next: string | null;
  busy: boolean;
  problem: unknown;
  onReadOn(): void;
}

/** Below a list: more of it, or that there is no more. */
export function ListEnd({ count, next, busy, problem, onReadOn }: ListEndProps) {
  return (
    <>
      {problem === null ? null : <Notice tone="mind">{tellProblem(problem)}</Notice>}
      {next === null ? null : (
        <Press wide look="quiet" busy={busy} onPress={onReadOn}>
          {t('common.loadMore')}
        </Press>
      )}
      {next === null && count > 5 ? <View className="list-end">{t('common.noMore')}</View> : null}
    </>
  );
}
