import type { OwnRefundView } from '../../src/contracts/index.ts';
import type { StepIs, Tone } from './tones.ts';
import { t } from './words.ts';

interface Step {
  is: StepIs;
  title: string;
  at: string | null;
  says: string | null;
}

export interface RefundProgress {
  tone: Tone;
  words: string;
  /** In the order of time. */
  steps: Step[];
}

type Way = OwnRefundView['refunds'][number];

/** How a refund stands, in words for whoever waits for the money. */
export function progressOf(refund: OwnRefundView): RefundProgress {
  const { state, createdAt, decidedAt, note } = refund;
  const asked: Step = { is: 'done', title: t('refund.asked'), at: createdAt, says: null };
  if (state === 'proposed') {
    const deciding: Step = { is: 'now', title: t('refund.deciding'), at: null, says: t('refund.decidingSays') };
    return { tone: 'mind', words: t('refund.deciding'), steps: [asked, deciding] };
  }
  if (state === 'rejected') {
    const says = note === null ? null : t('refund.rejectedWhy', { reason: note });
    const rejected: Step = { is: 'stopped', title: t('refund.rejected'), at: decidedAt, says };
    return { tone: 'bad', words: t('refund.rejected'), steps: [asked, rejected] };
  }
  if (state === 'withdrawn') {
    const withdrawn: Step = { is: 'stopped', title: t('refund.withdrawn'), at: decidedAt, says: null };
    return { tone: 'past', words: t('refund.withdrawn'), steps: [asked, withdrawn] };
  }
  const agreed: Step = { is: 'done', title: t('refund.agreed'), at: decidedAt, says: null };
  return { ...wordsOfAll(refund.refunds), steps: [asked, agreed, ...refund.refunds.map(stepOf)] };
}

const isStuck = ({ state }: Way): boolean => state === 'abnormal' || state === 'closed' || state === 'failed';

function wordsOfAll(ways: Way[]): Pick<RefundProgress, 'tone' | 'words'> {
  if (ways.some(isStuck)) return { tone: 'mind', words: t('refund.stuck') };
  const isBack = ways.length > 0 && ways.every(({ state }) => state === 'succeeded');
  return isBack ? { tone: 'good', words: t('refund.back') } : { tone: 'calm', words: t('refund.onItsWay') };
}

/** An approved refund gives back of each payment in its own way. */
function stepOf(way: Way): Step {
  if (way.state === 'succeeded') {
    const says = way.receivedBy === null ? null : t('refund.receivedBy', { place: way.receivedBy });
    return { is: 'done', title: t('refund.arrived'), at: way.endedAt, says };
  }
  if (way.state === 'abnormal')
    return { is: 'stopped', title: t('refund.stuck'), at: null, says: t('refund.abnormalSays') };
  if (isStuck(way))
    return { is: 'stopped', title: t('refund.stuck'), at: way.endedAt, says: t('refund.unfinishedSays') };
  const says = way.acceptedAt === null ? t('refund.sendingSays') : t('refund.takes');
  return { is: 'now', title: t('refund.onItsWay'), at: way.acceptedAt, says };
}
