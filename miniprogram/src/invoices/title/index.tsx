import { setNavigationBarTitle, useRouter } from '@tarojs/taro';
import { useEffect } from 'react';
import type { InvoiceTitleView } from '../../../../src/contracts/index.ts';
import { pages } from '../../addresses.ts';
import { listTitles } from '../../api.ts';
import { Press } from '../../components/press.tsx';
import { Screen } from '../../components/screen.tsx';
import { Nothing, Show } from '../../components/states.tsx';
import { go } from '../../go.ts';
import { useLoaded } from '../../use-loaded.ts';
import { t } from '../../words.ts';
import { TitleFields } from './title-fields.tsx';

interface Titles {
  all: InvoiceTitleView[];
  /** Null: a new one. */
  changed: InvoiceTitleView | null;
}

export default function TitlePage() {
  const { id = '', special } = useRouter<{ id?: string; special?: string }>().params;
  const loadTitles = async (): Promise<Titles> => {
    const all = await listTitles();
    return { all, changed: all.find((title) => title.id === id) ?? null };
  };
  const { loaded, retry } = useLoaded(loadTitles, id);

  useEffect(() => {
    const title = t(id === '' ? 'title.add' : 'title.change');
    void setNavigationBarTitle({ title }).catch(() => undefined);
  }, [id]);

  if (loaded.is === 'ready' && (id === '' || loaded.value.changed))
    return (
      <TitleFields
        changed={loaded.value.changed}
        isFirst={loaded.value.all.length === 0}
        forSpecial={special !== undefined}
      />
    );
  return (
    <Screen>
      <Show loaded={loaded} onRetry={retry}>
        {() => (
          <Nothing says={t('title.gone')}>
            <Press onPress={() => go.back(pages.titles)}>{t('titles.manage')}</Press>
          </Nothing>
        )}
      </Show>
    </Screen>
  );
}
