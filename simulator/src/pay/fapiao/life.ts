import type { Timer } from '../../clock.ts';
import { LeverError } from '../../errors.ts';
import type { World } from '../../world.ts';
import type { FapiaoEvent } from '../notice.ts';
import { announceFapiao } from '../notice-sending.ts';
import { randomDigits } from '../numbers.ts';
import type { Fapiao, FapiaoApplication, FapiaoNumbers } from './fapiao.ts';

/** From the sample of the query's answer (DotNetCore.SKIT.FlurlHttpClient.Wechat, ModelSamples). */
const FAILURE = {
  code: 'BIZ_ERROR',
  message: '开票失败。授信额度不足，请联系主管税务机关或者登录电子税务局提额/申报。',
};

export interface Ending {
  /** false: the news of it is lost. */
  notify?: boolean;
  /** Of a failure, in WeChat's words. */
  message?: string;
}

/** It is issued, or fails, after a while as the settings say. */
export function planIssue(world: World, application: FapiaoApplication, fapiao: Fapiao): void {
  const { fapiaoOutcome: outcome } = world.pay.settings;
  if (outcome !== 'held') fapiao.timer = plan(world, () => endIssue(world, application, fapiao, outcome));
}

export function endIssue(
  world: World,
  application: FapiaoApplication,
  fapiao: Fapiao,
  outcome: 'ISSUED' | 'FAILED',
  { notify = true, message = FAILURE.message }: Ending = {},
): void {
  if (fapiao.status !== 'ISSUE_ACCEPTED') throw new LeverError(409, `the fapiao is ${fapiao.status}`);
  stop(world, fapiao);
  if (outcome === 'FAILED') {
    // Merchants are told of what succeeded alone: the other has to be asked for.
    fapiao.status = 'ISSUE_FAILED';
    fapiao.failure = { code: FAILURE.code, message, at: world.clock.now() };
    return;
  }
  fapiao.status = 'ISSUED';
  fapiao.blue = newNumbers(world);
  giveCard(world, application, fapiao);
  if (notify) tell(world, application, fapiao, 'FAPIAO.ISSUED');
}

/** The card is on its way to the payer's card pack. */
export function giveCard(world: World, application: FapiaoApplication, fapiao: Fapiao): void {
  const { fapiao: state, settings } = world.pay;
  const { appid, cardId } = state.cardTemplate!;
  const openid = world.people.get(application.personId).openids[appid]!;
  fapiao.card = { appid, openid, cardId, code: null, status: 'INSERT_ACCEPTED', timer: null };
  if (settings.fapiaoCards === 'INSERTED')
    fapiao.card.timer = plan(world, () => insertCard(world, application, fapiao));
}

export function insertCard(world: World, application: FapiaoApplication, fapiao: Fapiao, notify = true): void {
  if (fapiao.card?.status !== 'INSERT_ACCEPTED') throw new LeverError(409, 'no card is on its way');
  stop(world, fapiao.card);
  Object.assign(fapiao.card, { status: 'INSERTED', code: randomDigits(12) });
  if (notify) tell(world, application, fapiao, 'FAPIAO.CARD_INSERTED');
}

export function planReverse(world: World, application: FapiaoApplication, fapiao: Fapiao): void {
  const { fapiaoReverseOutcome: outcome } = world.pay.settings;
  if (outcome !== 'held') fapiao.timer = plan(world, () => endReverse(world, application, fapiao, outcome));
}

/** A red one takes the blue one back, and its card with it. */
export function endReverse(
  world: World,
  application: FapiaoApplication,
  fapiao: Fapiao,
  outcome: 'REVERSED' | 'FAILED',
  { notify = true, message = '冲红失败，请核对发票状态后重试' }: Ending = {},
): void {
  if (fapiao.status !== 'REVERSE_ACCEPTED') throw new LeverError(409, `the fapiao is ${fapiao.status}`);
  stop(world, fapiao);
  if (outcome === 'FAILED') {
    fapiao.status = 'ISSUED';
    fapiao.failure = { code: FAILURE.code, message, at: world.clock.now() };
    return;
  }
  Object.assign(fapiao, { status: 'REVERSED', red: newNumbers(world), failure: null });
  const card = fapiao.card!;
  stop(world, card);
  card.status = 'DISCARD_ACCEPTED';
  if (notify) tell(world, application, fapiao, 'FAPIAO.REVERSED');
  card.timer = plan(world, () => {
    card.status = 'DISCARDED';
    tell(world, application, fapiao, 'FAPIAO.CARD_DISCARDED');
  });
}

function tell(world: World, application: FapiaoApplication, fapiao: Fapiao, event: FapiaoEvent): void {
  const { id, status, card } = fapiao;
  const one = { fapiao_id: id, fapiao_status: status, ...(card ? { card_status: card.status } : {}) };
  announceFapiao(world, application, event, { fapiao_information: [one] });
}

function newNumbers({ clock, pay }: World): FapiaoNumbers {
  const at = clock.now();
  return pay.settings.fapiaoKind === 'digital'
    ? { code: null, number: `2${randomDigits(19)}`, checkCode: null, at }
    : { code: `1${randomDigits(11)}`, number: `1${randomDigits(7)}`, checkCode: randomDigits(20), at };
}

const plan = ({ clock, pay }: World, what: () => void): Timer =>
  clock.at(clock.now() + pay.settings.fapiaoDelayMs, what);

function stop(world: World, waiting: { timer: Timer | null }): void {
  if (waiting.timer) world.clock.cancel(waiting.timer);
  waiting.timer = null;
}
