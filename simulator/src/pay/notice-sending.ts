import { once } from 'node:events';
import { request as requestHttp, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { World } from '../world.ts';
import type { Complaint } from './complaint.ts';
import {
  complaintNews,
  type FapiaoEvent,
  fapiaoNews,
  makeNotice,
  type News,
  type Notice,
  type NoticeRequest,
  type NoticeSend,
  paymentNews,
  refundNews,
} from './notice.ts';
import { prepareSend } from './notice-tampering.ts';
import type { Order } from './order.ts';
import type { Refund } from './refund.ts';

const KEPT_ANSWER = 500;

/** Makes the notice of a payment and plans its first send for now. */
export const announcePayment = (world: World, order: Order): Notice => announce(world, paymentNews(order));

/** The same of a refund that ended, or ran into trouble. */
export const announceRefund = (world: World, refund: Refund): Notice =>
  announce(world, refundNews(refund, world.kit.mchid));

/** News of a complaint goes to the address that the merchant registered for it, to nobody without one. */
export function announceComplaint(world: World, complaint: Complaint, action: string): void {
  const url = world.pay.complaintUrl;
  if (url !== null) announce(world, complaintNews(complaint, action, url));
}

/** News of a fapiao goes to the address among the merchant's options, to nobody without one. */
export function announceFapiao(
  world: World,
  about: { applyId: string; order: Order | null },
  event: FapiaoEvent,
  more: Record<string, unknown>,
): void {
  const url = world.pay.fapiao.callbackUrl;
  if (url !== null) announce(world, fapiaoNews(about, event, more, { url, mchid: world.kit.mchid }));
}

function announce(world: World, news: News): Notice {
  const notice = makeNotice(world, news);
  world.pay.notices.set(notice.id, notice);
  plan(world, notice, world.clock.now());
  return notice;
}

/** Sends once, outside the plan. An honest send that is answered well counts as delivered. */
export async function sendByLever(world: World, notice: Notice, tamper?: string): Promise<NoticeSend> {
  const send = await sendOnce(world, notice, 'lever', tamper);
  if (tamper === undefined && isTaken(send)) deliver(world, notice);
  return send;
}

/** Holds every notice back, or lets those go that were held. */
export function changeMode(world: World): void {
  for (const notice of world.pay.notices.values()) {
    if (notice.nextAt !== null) plan(world, notice, Math.max(notice.nextAt, world.clock.now()));
  }
}

/** Sends what is due by now and waits for the answers, in held mode too. */
export async function deliverDue(world: World): Promise<void> {
  await world.clock.advance(0);
  const due = [...world.pay.notices.values()].filter(({ nextAt }) => nextAt !== null && nextAt <= world.clock.now());
  await Promise.all(due.map((notice) => sendAsPlanned(world, notice)));
}

function plan(world: World, notice: Notice, at: number): void {
  if (notice.timer) world.clock.cancel(notice.timer);
  notice.nextAt = at;
  const isHeld = world.pay.noticeSettings.mode === 'held';
  notice.timer = isHeld ? null : world.clock.at(at, () => sendAsPlanned(world, notice));
}

async function sendAsPlanned(world: World, notice: Notice): Promise<void> {
  const { signal } = world.ended;
  const { copies, probing, schedule, maxSends } = world.pay.noticeSettings;
  notice.nextAt = null;
  notice.plannedSends += 1;
  const isProbe = probing && notice.plannedSends === 1;
  const sends = await Promise.all(
    Array.from({ length: copies }, () => sendOnce(world, notice, 'schedule', isProbe ? 'sign-test' : undefined)),
  );
  if (signal.aborted || notice.state === 'delivered') return;
  if (!isProbe && sends.some(isTaken)) return deliver(world, notice);
  const wait = schedule[notice.plannedSends - 1];
  if (wait === undefined || notice.plannedSends >= maxSends) notice.state = 'given-up';
  else plan(world, notice, world.clock.now() + wait * 1000);
}

function deliver(world: World, notice: Notice): void {
  if (notice.timer) world.clock.cancel(notice.timer);
  notice.timer = null;
  notice.nextAt = null;
  notice.state = 'delivered';
}

/** 200 and 204 only: a redirect is a failure. */
const isTaken = ({ status }: NoticeSend): boolean => status === 200 || status === 204;

async function sendOnce(world: World, notice: Notice, by: NoticeSend['by'], tamper?: string): Promise<NoticeSend> {
  const request = prepareSend(world, notice, tamper);
  if (tamper === undefined) notice.last = request;
  const send: NoticeSend = { at: world.clock.now(), by, ...(tamper ? { tamper } : {}), status: null, body: '', ms: 0 };
  const started = performance.now();
  try {
    const limit = AbortSignal.timeout(world.pay.noticeSettings.answerLimitMs);
    Object.assign(send, await post(notice.url, request, AbortSignal.any([limit, world.ended.signal])));
  } catch (error) {
    send.error = describe(error);
  }
  send.ms = Math.round(performance.now() - started);
  notice.sends.push(send);
  return send;
}

function describe(error: unknown): string {
  const { name, code, message } = error as NodeJS.ErrnoException;
  return name === 'AbortError' ? 'no answer in time' : (code ?? message);
}

async function post(
  url: string,
  { headers, body }: NoticeRequest,
  signal: AbortSignal,
): Promise<Pick<NoticeSend, 'status' | 'body'>> {
  const start = url.startsWith('https:') ? requestHttps : requestHttp;
  const request = start(url, {
    method: 'POST',
    headers: {
      ...headers,
      'Content-Type': 'application/json',
      'Content-Length': String(body.length),
      Accept: '*/*',
      'User-Agent': 'Mozilla/4.0',
    },
    agent: false,
    signal,
  });
  // Failures are met below; one that comes after the answer began shows up there as well.
  request.on('error', () => undefined);
  request.end(body);
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  const parts: Buffer[] = [];
  for await (const part of response) parts.push(part as Buffer);
  return { status: response.statusCode ?? null, body: Buffer.concat(parts).toString('utf8').slice(0, KEPT_ANSWER) };
}
