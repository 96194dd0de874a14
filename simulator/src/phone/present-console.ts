import { NOTICE_CHOICES, type Notice } from '../pay/notice.ts';
import { TAMPERS } from '../pay/notice-tampering.ts';
import type { Order } from '../pay/order.ts';
import { PAY_CHOICES } from '../pay/settings.ts';
import type { Person } from '../people.ts';
import type { CustomerAccount } from '../open-platform/account.ts';
import { OPEN_PLATFORM_CHOICES } from '../open-platform/settings.ts';
import type { AppSettings } from '../platform/app.ts';
import { TAMPERINGS } from '../platform/push-envelope.ts';
import type { Push } from '../platform/pushes.ts';
import type { World } from '../world.ts';

/** Lists of the levers panel are cut to the newest: whoever needs all of them asks the levers. */
const SHOWN = 40;
const KEPT_ANSWER = 160;

/** What the levers panel beside the phone shows. */
export function presentConsole(world: World, person: Person | null) {
  const { pay, officialAccount, miniProgram, openPlatform } = world;
  return {
    waiting: world.clock.waiting,
    settings: {
      general: world.settings,
      pay: pay.settings,
      notices: pay.noticeSettings,
      platform: world.platform.settings,
      'official-account': withoutSecrets(officialAccount.settings),
      'mini-program': withoutSecrets(miniProgram.settings),
      'open-platform': openPlatform.settings,
    },
    verification: {
      'official-account': officialAccount.verification.present(),
      'mini-program': miniProgram.verification.present(),
    },
    choices: { pay: PAY_CHOICES, notices: NOTICE_CHOICES, 'open-platform': OPEN_PLATFORM_CHOICES },
    noticeTampers: TAMPERS,
    pushTampers: TAMPERINGS,
    orders: newest([...pay.orders.values()]).map(presentOrder),
    notices: newest([...pay.notices.values()]).map(presentNotice),
    faults: world.faults.all(),
    calls: newest(world.calls.all()),
    pushes: newest(
      [...officialAccount.pushes.all(), ...miniProgram.pushes.all(), ...openPlatform.allPushes()].toSorted(
        (one, other) => one.createdAt - other.createdAt,
      ),
    ).map((push) => presentPush(world, push)),
    customerAccounts: newest(openPlatform.all()).map(presentCustomerAccount),
    messages: newest(world.platform.messages.all()).map(
      ({ msgid, kind, personId, title, sentAt, result, isFinished }) => ({
        msgid,
        kind,
        personId,
        title,
        sentAt,
        result,
        isFinished,
      }),
    ),
    consents: person ? consentsOf(world, person) : null,
  };
}

/** The newest first. */
const newest = <T>(list: readonly T[]): T[] => list.slice(-SHOWN).toReversed();

function withoutSecrets({ token: _, encodingAesKey: __, ...settings }: AppSettings): object {
  return settings;
}

const presentOrder = (order: Order) => ({
  outTradeNo: order.outTradeNo,
  tradeType: order.tradeType,
  state: order.state,
  description: order.asked.description,
  totalFen: order.asked.amount.total,
  createdAt: order.createdAt,
  paidBy: order.payment?.personId ?? null,
  paidFen: order.payment?.total ?? null,
  codeUrl: order.prepays.findLast((prepay) => prepay.codeUrl && !prepay.superseded)?.codeUrl ?? null,
  h5Url: order.prepays.findLast((prepay) => prepay.h5Url)?.h5Url ?? null,
});

const presentNotice = ({ id, createdAt, outTradeNo, state, nextAt, sends }: Notice) => ({
  id,
  createdAt,
  outTradeNo,
  state,
  nextAt,
  sent: sends.length,
  sends: sends
    .slice(-8)
    .toReversed()
    .map((send) => ({ ...send, body: send.body.slice(0, KEPT_ANSWER) })),
});

const presentCustomerAccount = ({ appid, ownerId, verification, authorisation }: CustomerAccount) => ({
  appid,
  ownerId,
  nickname: verification.nickname,
  kind: verification.kind,
  isAuthorised: authorisation !== null,
});

function presentPush({ officialAccount, openPlatform }: World, { id, appid, what, createdAt, state, attempts }: Push) {
  const last = attempts.at(-1);
  return {
    id,
    of:
      appid === officialAccount.appid
        ? 'official-account'
        : appid === openPlatform.appid
          ? 'open-platform'
          : 'mini-program',
    what,
    createdAt,
    state,
    attempts: attempts.length,
    last: last ? { verdict: last.verdict, status: last.status, reason: last.reason, tamper: last.tamper } : null,
  };
}

function consentsOf({ miniProgram }: World, person: Person) {
  return {
    isOff: miniProgram.consents.isOff(person.id),
    templates: miniProgram.templates.map(({ templateId, title }) => {
      const left = miniProgram.consents.left(person.id, templateId);
      return { templateId, title, left: left === Infinity ? null : left };
    }),
  };
}
