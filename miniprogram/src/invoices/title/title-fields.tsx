import { useState } from 'react';
import type { FieldFault, InvoiceTitleView } from '../../../../src/contracts/index.ts';
import { pages } from '../../addresses.ts';
import { addTitle, changeTitle, removeTitle } from '../../api.ts';
import { Card, Notice } from '../../components/card.tsx';
import { Choice } from '../../components/choice.tsx';
import { TextField } from '../../components/field.tsx';
import { Picks } from '../../components/picks.tsx';
import { Press } from '../../components/press.tsx';
import { Screen } from '../../components/screen.tsx';
import { go, isSure, toast } from '../../go.ts';
import { emptyTitle, faultsOfTitle, faultWhileTyping, formOfTitle, wishOfTitle } from '../../invoice-title-form.ts';
import type { TitleForm } from '../../invoice-title-form.ts';
import { faultOf } from '../../order-form.ts';
import { tellProblem } from '../../problem.ts';
import { Refusal } from '../../refusal.ts';
import { useBusy } from '../../use-busy.ts';
import { t } from '../../words.ts';
import { SpecialFields } from './special-fields.tsx';

interface TitleFieldsProps {
  /** Null: a new one. */
  changed: InvoiceTitleView | null;
  /** The first one is the default by itself. */
  isFirst: boolean;
  forSpecial: boolean;
}

export function TitleFields({ changed, isFirst, forSpecial }: TitleFieldsProps) {
  const [form, setForm] = useState(() => (changed ? formOfTitle(changed) : emptyTitle));
  const [faults, setFaults] = useState<FieldFault[]>([]);
  const [problem, setProblem] = useState<unknown>(null);
  const [busy, run] = useBusy();
  const isCompany = form.kind === 'company';

  /** What is being mended is not called wrong any more. */
  function fill(filled: Partial<TitleForm>) {
    setForm((before) => ({ ...before, ...filled }));
    setFaults((before) => before.filter(({ field }) => !(field in filled)));
  }

  function save() {
    const seen = faultsOfTitle(form, forSpecial);
    setFaults(seen);
    setProblem(null);
    if (seen.length > 0) return toast(t('confirm.checkFields'));
    run(async () => {
      try {
        const wish = wishOfTitle(form);
        await (changed ? changeTitle(changed.id, wish) : addTitle(wish));
        toast(t('title.saved'));
        go.back(pages.titles);
      } catch (refused) {
        if (refused instanceof Refusal) setFaults(refused.fields);
        setProblem(refused);
      }
    });
  }

  const bar = (
    <>
      {problem === null ? null : <Notice tone="bad">{tellProblem(problem)}</Notice>}
      <Press wide busy={busy} onPress={save}>
        {t('title.save')}
      </Press>
    </>
  );

  return (
    <Screen footer={bar}>
      <Card>
        <Choice
          label={t('title.kind')}
          chosen={form.kind}
          onChoose={(kind) => fill({ kind })}
          options={[
            { value: 'company', shown: t('title.kind.company') },
            { value: 'personal', shown: t('title.kind.personal') },
          ]}
        />
        <TextField
          label={t(isCompany ? 'title.companyName' : 'title.personName')}
          hint={t(isCompany ? 'confirm.companyNameHint' : 'confirm.contactNameHint')}
          value={form.name}
          fault={faultOf(faults, 'name')}
          most={100}
          onType={(name) => fill({ name })}
        />
        {isCompany ? (
          <TextField
            label={t('title.taxNumber')}
            hint={t('title.taxNumberHint')}
            value={form.taxNumber}
            fault={faultOf(faults, 'taxNumber') ?? faultWhileTyping(form.taxNumber)}
            most={26}
            onType={(taxNumber) => fill({ taxNumber })}
          />
        ) : null}
      </Card>
      {isCompany ? <SpecialFields form={form} faults={faults} isNeeded={forSpecial} onFill={fill} /> : null}
      {isFirst || changed?.isDefault ? null : (
        <Picks
          label={t('title.makeDefault')}
          options={[{ value: 'default', shown: t('title.makeDefault') }]}
          picked={form.isDefault ? ['default'] : []}
          onToggle={() => fill({ isDefault: !form.isDefault })}
        />
      )}
      {changed ? <Remove id={changed.id} /> : null}
    </Screen>
  );
}

function Remove({ id }: { id: string }) {
  const [busy, run] = useBusy();
  const remove = () =>
    run(async () => {
      if (!(await isSure(t('title.removeSure'), t('title.removeYes'), t('common.cancel')))) return;
      try {
        await removeTitle(id);
        toast(t('title.removed'));
        go.back(pages.titles);
      } catch (refused) {
        toast(tellProblem(refused));
      }
    });
  return (
    <Press wide look="danger" busy={busy} onPress={remove}>
      {t('title.remove')}
    </Press>
  );
}
