import { Card } from '../../components/card.tsx';
import { Press } from '../../components/press.tsx';
import { copy } from '../../go.ts';
import { t } from '../../words.ts';

/** Followers hear about their orders in the service account's chat. `follows` null: not known. */
export function Follow({ name, follows }: { name: string; follows: boolean | null }) {
  if (follows === true) return <Card hint={t('me.follows', { name })} />;
  return (
    <Card title={t('me.follow', { name })} hint={t('me.followWhy')}>
      <Press look="plain" onPress={() => copy(name)}>
        {t('me.copyName')}
      </Press>
    </Card>
  );
}
