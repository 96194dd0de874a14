import { Image, View } from '@tarojs/components';
import { useState } from 'react';
import { renderSVG } from 'uqr';
import type { AuthorisationLinkView } from '../../../../src/contracts/index.ts';
import { makeAuthorisationLink } from '../../api.ts';
import { Card, Paragraphs } from '../../components/card.tsx';
import { Press } from '../../components/press.tsx';
import { Screen } from '../../components/screen.tsx';
import { copy, toast } from '../../go.ts';
import { tellProblem } from '../../problem.ts';
import { shanghaiDay } from '../../shanghai-time.ts';
import { pictureOf } from '../../svg.ts';
import { useBusy } from '../../use-busy.ts';
import { t } from '../../words.ts';
import './index.scss';

/** A link for whoever manages the account; that need not be the customer, nor this phone. */
export default function AuthorisePage() {
  const [link, setLink] = useState<AuthorisationLinkView | null>(null);
  const [busy, run] = useBusy();
  const make = () =>
    run(async () => {
      try {
        setLink(await makeAuthorisationLink());
      } catch (problem) {
        toast(tellProblem(problem));
      }
    });
  return (
    <Screen>
      <Card title={t('authorise.what')}>
        <Paragraphs lines={[t('authorise.does'), t('authorise.doesNot')]} />
      </Card>
      {link === null ? (
        <Press wide busy={busy} onPress={make}>
          {t('authorise.make')}
        </Press>
      ) : (
        <MadeLink link={link} />
      )}
    </Screen>
  );
}

function MadeLink({ link: { url, expiresAt } }: { link: AuthorisationLinkView }) {
  return (
    <Card title={t('authorise.made')} hint={t('authorise.how', { day: shanghaiDay(expiresAt) })}>
      <View className="authorise-qr">
        <Image className="state-qr" src={pictureOf(renderSVG(url, { border: 2 }))} ariaLabel={t('authorise.qrLabel')} />
      </View>
      <Press wide onPress={() => copy(url)}>
        {t('authorise.copy')}
      </Press>
    </Card>
  );
}
