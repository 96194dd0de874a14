import { setTimeout as pause } from 'node:timers/promises';
import type { MessageDelivery } from '../../entities/message-delivery.ts';
import { deliver, send, writeManyAccepted } from '../messages/index.ts';
import type { Desk } from '../platform/work.ts';
import type { Claim } from './claim.ts';
import { whatOfFailure } from './failures.ts';

/** Outcomes wait so long, or until so many are there, to be written together. */
const GATHER_MS = 50;
const ENOUGH = 100;

/** Messages of one lane that are under way. */
export interface Sender {
  send(claimed: Extract<Claim, { kind: 'send' }>): void;
  sendSingle(delivery: MessageDelivery): void;
  /** Resolves as soon as there is room for more. */
  room(): Promise<void>;
  /** Resolves when everything under way has come to its end and is written down. */
  finish(): Promise<void>;
}

/** Sends with so many calls under way at once; what WeChat took is written down many at a time, the rest one by one. */
export function createSender(desk: Desk, campaignId: string): Sender {
  const waiting: (() => Promise<void>)[] = [];
  const underWay = new Set<Promise<void>>();
  const accepted = createGatherer(desk);

  const begin = () => {
    while (underWay.size < desk.config.CAMPAIGN_IN_FLIGHT && waiting.length > 0) {
      const ended = waiting.shift()!()
        .catch((error: unknown) =>
          desk.log.error({ err: error, campaign: campaignId }, 'a message could not be worked on'),
        )
        .finally(() => {
          underWay.delete(ended);
          begin();
        });
      underWay.add(ended);
    }
  };
  const add = (work: () => Promise<void>) => {
    waiting.push(work);
    begin();
  };
  const oneOfMany = (delivery: MessageDelivery) => async () => {
    try {
      const refusal = await send(desk, { delivery, isRepeat: false }, accepted.add);
      if (refusal) await whatOfFailure(desk, delivery, refusal, () => deliver(desk, delivery.id, [refusal]));
    } catch (error) {
      await whatOfFailure(desk, delivery, error);
    }
  };
  const single = (delivery: MessageDelivery) => async () => {
    try {
      await deliver(desk, delivery.id, []);
    } catch (error) {
      await whatOfFailure(desk, delivery, error);
    }
  };
  return {
    send({ many, single: others }) {
      for (const delivery of many) add(oneOfMany(delivery));
      for (const delivery of others) add(single(delivery));
    },
    sendSingle: (delivery) => add(single(delivery)),
    async room() {
      while (waiting.length > 0) await Promise.race(underWay);
    },
    async finish() {
      while (underWay.size > 0) await Promise.race(underWay);
      await accepted.flush();
    },
  };
}

/** A database that is in trouble is asked again so often, ever later. */
const WRITE_TRIES = 6;

/** What WeChat took, written down together. Should it fail for good, it is made up for: the lease ends, and WeChat holds a repeat back. */
function createGatherer(desk: Desk) {
  let gathered: { id: string; msgid: string | null }[] = [];
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> = Promise.resolve();
  const flush = (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    const sent = gathered;
    gathered = [];
    if (sent.length > 0) {
      writing = writing.then(() => write(desk, sent));
    }
    return writing;
  };
  return {
    add(id: string, msgid: string | null) {
      gathered.push({ id, msgid });
      if (gathered.length >= ENOUGH) void flush();
      else timer ??= setTimeout(() => void flush(), GATHER_MS);
      return Promise.resolve();
    },
    flush,
  };
}

async function write(desk: Desk, sent: readonly { id: string; msgid: string | null }[]): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await desk.transaction((work) => writeManyAccepted(work, sent));
    } catch (error) {
      desk.log[tries < WRITE_TRIES ? 'warn' : 'error']({ err: error }, 'what WeChat took could not be written down');
      if (tries >= WRITE_TRIES) return;
      await pause(100 * 2 ** tries);
    }
  }
}
