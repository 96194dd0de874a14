import { randomInt } from 'node:crypto';
import type { Row } from './template-fields.ts';

/** A message in a person's chat list. */
export interface SentMessage {
  /** Digits beyond 2^53: a client that reads it as a float loses the last ones. */
  readonly msgid: string;
  readonly appid: string;
  readonly kind: 'template' | 'subscribe' | 'reply';
  readonly personId: string;
  readonly openid: string;
  readonly templateId?: string;
  readonly title?: string;
  readonly rows: Row[];
  /** Text of a passive reply. */
  readonly text?: string;
  /** Where a tap leads: a web page, or a page of a mini-program. */
  readonly url?: string;
  readonly miniprogram?: { appid: string; pagepath?: string };
  readonly page?: string;
  readonly miniprogramState?: string;
  readonly clientMsgId?: string;
  /** Virtual Unix milliseconds. */
  readonly sentAt: number;
  /** What the result event says, or will say: null while nothing is decided. */
  result: string | null;
  /** Whether a result event was made. */
  isFinished: boolean;
}

/** 2^53 and everything that a float can hold exactly at this size is left out. */
const FIRST_MSGID = 2_918_131_553_548_107_776n;
const FLOAT_STEP = 512n;

export class Messages {
  private readonly messages: SentMessage[] = [];
  private readonly byMsgid = new Map<string, SentMessage>();
  private readonly byClientMsgId = new Map<string, SentMessage[]>();
  private last = FIRST_MSGID;

  newMsgid(): bigint {
    this.last += BigInt(randomInt(1, 1000));
    if (this.last % FLOAT_STEP === 0n) this.last += 1n;
    return this.last;
  }

  add(message: SentMessage): SentMessage {
    this.messages.push(message);
    this.byMsgid.set(message.msgid, message);
    if (message.clientMsgId) {
      const key = `${message.openid} ${message.clientMsgId}`;
      this.byClientMsgId.set(key, [...(this.byClientMsgId.get(key) ?? []), message]);
    }
    return message;
  }

  /** Newest last. */
  all(personId?: string): SentMessage[] {
    return this.messages.filter((message) => personId === undefined || message.personId === personId);
  }

  find(msgid: string): SentMessage | null {
    return this.byMsgid.get(msgid) ?? null;
  }

  /** The message that was sent to an openid under this client_msg_id after an instant. */
  findRepeated(openid: string, clientMsgId: string, after: number): SentMessage | null {
    const sent = this.byClientMsgId.get(`${openid} ${clientMsgId}`) ?? [];
    return sent.find((message) => message.sentAt > after) ?? null;
  }
}
