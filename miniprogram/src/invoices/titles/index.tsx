import { View } from '@tarojs/components';
import { stopPullDownRefresh, usePullDownRefresh } from '@tarojs/taro';
import { pages } from '../../addresses.ts';
import { listTitles } from '../../api.ts';
import { Press } from '../../components/press.tsx';
import { Screen } from '../../components/screen.tsx';
import { Nothing, Show } from '../../components/states.tsx';
import { TitleLines } from '../../components/title-lines.tsx';
import { go } from '../../go.ts';
import { useLoaded } from '../../use-loaded.ts';
import { useShownAgain } from '../../use-shown-again.ts';
import { t } from '../../words.ts';

const add = () => go.to(pages.title(''));

export default function TitlesPage() {
  const { loaded, reload, retry } = useLoaded(listTitles, '');
  useShownAgain(() => void reload());
  usePullDownRefresh(() => void reload().finally(stopPullDownRefresh));

  const isThere = loaded.is === 'ready' && loaded.value.length > 0;
  return (
    <Screen
      footer={
        isThere ? (
          <Press wide onPress={add}>
            {t('titles.add')}
          </Press>
        ) : null
      }
    >
      <Show loaded={loaded} onRetry={retry}>
        {(titles) => (
          <>
            {titles.length === 0 ? (
              <Nothing says={t('titles.empty')}>
                <Press onPress={add}>{t('titles.add')}</Press>
              </Nothing>
            ) : null}
            {titles.map((title) => (
              <View
                key={title.id}
                className="card card-tappable"
                hoverClass="card-pressed"
                ariaRole="link"
                onClick={() => go.to(pages.title(title.id))}
              >
                <TitleLines title={title} />
              </View>
            ))}
          </>
        )}
      </Show>
    </Screen>
  );
}
