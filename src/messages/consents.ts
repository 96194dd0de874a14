import { Between, IsNull, Like } from 'typeorm';
import { ConsentEntry } from '../../entities/consent-entry.ts';
import { WechatIdentity } from '../../entities/wechat-identity.ts';
import { locked } from '../platform/database/index.ts';
import { newId } from '../platform/ids.ts';
import type { Transaction, Work } from '../platform/work.ts';

/** Whose consent to which messages. */
export interface ConsentKey {
  appid: string;
  openid: string;
  templateId: string;
}

/** The phone's answer and WeChat's push about it arrive within this time of each other. */
const SAME_ANSWER_MS = 10 * 60_000;

/** How many messages the person still allows. */
export async function consentsLeft(
  { db }: Pick<Work, 'db'>,
  { appid, openid, templateId }: ConsentKey,
): Promise<number> {
  return Math.max(0, (await db.sum(ConsentEntry, 'delta', { appid, openid, templateId })) ?? 0);
}

/** `hint`: the phone says so · `push`: WeChat says so. */
export type Witness = 'hint' | 'push';

/**
 * A person was asked and answered. The phone's hint and WeChat's push speak of one answer and count once, whichever comes first.
 * @param source unique among its witness's words
 */
export async function consentAnswered(
  work: Transaction,
  who: ConsentKey & { customerId: string },
  { isAccepted, witness, source, at }: { isAccepted: boolean; witness: Witness; source: string; at: Date },
): Promise<void> {
  await lockCount(work, who);
  const ownSource = `${witness}:${source}`;
  const { appid, openid, templateId } = who;
  const key = { appid, openid, templateId };
  const spoken = [
    { ...key, source: ownSource },
    { ...key, confirmedBy: ownSource },
  ];
  if (await work.db.existsBy(ConsentEntry, spoken)) return;
  const other: Witness = witness === 'hint' ? 'push' : 'hint';
  const twin = await work.db.findOne(ConsentEntry, {
    where: {
      ...key,
      delta: isAccepted ? 1 : 0,
      source: Like(`${other}:%`),
      confirmedBy: IsNull(),
      at: Between(new Date(at.getTime() - SAME_ANSWER_MS), new Date(at.getTime() + SAME_ANSWER_MS)),
    },
    order: { id: 'ASC' },
  });
  if (twin) await work.db.update(ConsentEntry, { id: twin.id }, { confirmedBy: ownSource });
  else await enter(work, who, isAccepted ? 1 : 0, ownSource, at);
}

/** The person withdrew consent in the settings: nothing is left. */
export async function consentWithdrawn(
  work: Transaction,
  who: ConsentKey & { customerId: string },
  source: string,
  at: Date,
): Promise<void> {
  await takeAway(work, who, Infinity, `withdrawn:${source}`, at);
}

/** A message used one consent up. */
export async function consentUsed(
  work: Transaction,
  who: ConsentKey & { customerId: string },
  deliveryId: string,
): Promise<void> {
  await takeAway(work, who, 1, `sent:${deliveryId}`, work.now());
}

/** WeChat says that no consent is left, whatever we counted. */
export async function consentDenied(
  work: Transaction,
  who: ConsentKey & { customerId: string },
  deliveryId: string,
): Promise<void> {
  await takeAway(work, who, Infinity, `denied:${deliveryId}`, work.now());
}

/** Never below zero: what WeChat allowed without our knowing would be missing from the next consent. */
async function takeAway(
  work: Transaction,
  who: ConsentKey & { customerId: string },
  most: number,
  source: string,
  at: Date,
): Promise<void> {
  await lockCount(work, who);
  if (await work.db.existsBy(ConsentEntry, { source })) return;
  await enter(work, who, -Math.min(most, await consentsLeft(work, who)), source, at);
}

/** Whoever changes a count waits here for the others; the person's row is there before any consent of theirs. */
async function lockCount({ db }: Transaction, { appid, openid }: ConsentKey): Promise<void> {
  await db.findOne(WechatIdentity, { select: { id: true }, where: { appid, openid }, ...locked<WechatIdentity>(db) });
}

async function enter(
  work: Transaction,
  who: ConsentKey & { customerId: string },
  delta: number,
  source: string,
  at: Date,
): Promise<void> {
  const { customerId, appid, openid, templateId } = who;
  await work.db.insert(ConsentEntry, {
    id: newId(),
    customerId,
    appid,
    openid,
    templateId,
    // −0 is a number of JavaScript's only.
    delta: delta || 0,
    source,
    at,
  });
}
