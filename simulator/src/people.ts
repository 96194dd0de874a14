import { createHash } from 'node:crypto';
import { LeverError } from './errors.ts';

/** Somebody with WeChat on a phone. */
export interface Person {
  readonly id: string;
  nickname: string;
  phone: string;
  readonly unionid: string;
  /** One openid an app, by appid. */
  readonly openids: Readonly<Record<string, string>>;
  /** Follows the official account. */
  follows: boolean;
  /** Has blocked the official account's messages. */
  blocks: boolean;
}

export interface NewPerson {
  id?: string;
  nickname: string;
  phone?: string;
  follows?: boolean;
}

/** Everybody there is. Ids, openids and unionids are derived, so that a restart keeps them. */
export class People {
  private readonly appids: readonly string[];
  private readonly byId = new Map<string, Person>();
  private readonly byOpenid = new Map<string, Person>();

  constructor(appids: readonly string[]) {
    this.appids = appids;
    this.add({ id: 'lin', nickname: '林晓', phone: '13800000001', follows: true });
    this.add({ id: 'chen', nickname: '陈默', phone: '13800000002' });
    this.add({ id: 'ouyang', nickname: '欧阳慕容雪', phone: '13800000003' });
  }

  all(): Person[] {
    return [...this.byId.values()];
  }

  find(id: string): Person | null {
    return this.byId.get(id) ?? null;
  }

  /** @throws LeverError 404 */
  get(id: string): Person {
    const person = this.find(id);
    if (!person) throw new LeverError(404, `there is no person ${id}`);
    return person;
  }

  findByOpenid(appid: string, openid: string): Person | null {
    return this.byOpenid.get(`${appid} ${openid}`) ?? null;
  }

  add({ id = `person-${this.byId.size + 1}`, nickname, phone, follows = false }: NewPerson): Person {
    if (this.byId.has(id)) throw new LeverError(409, `there is a person ${id} already`);
    const person: Person = {
      id,
      nickname,
      phone: phone ?? `1380000${String(this.byId.size + 1).padStart(4, '0')}`,
      unionid: wechatId('unionid', id),
      openids: Object.fromEntries(this.appids.map((appid) => [appid, wechatId(appid, id)])),
      follows,
      blocks: false,
    };
    this.byId.set(id, person);
    for (const [appid, openid] of Object.entries(person.openids)) this.byOpenid.set(`${appid} ${openid}`, person);
    return person;
  }
}

/** 28 characters that start with `o`, as WeChat's openids and unionids do. */
const wechatId = (scope: string, id: string): string =>
  `o${createHash('sha256').update(`${scope}:${id}`).digest('base64url').slice(0, 27)}`;
