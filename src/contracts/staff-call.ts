import type { Page, PageQuery } from './app.ts';
import { type ErrorCode, errorWords, type FieldFault, type RefusalBody } from './errors.ts';

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** What a call can be given; each call names the parts that it has. */
export interface Parts {
  params?: object | undefined;
  query?: object | undefined;
  body?: object | undefined;
  /** Sent as it is. */
  file?: FileBytes | undefined;
}

export type FileBytes = Blob | Uint8Array<ArrayBuffer>;

export type Nothing = Record<never, never>;
export interface By<Name extends string = 'id'> {
  params: Record<Name, string>;
}

/** No argument where there is nothing to say, and none needed where all may be left out. */
type Asked<In> = [keyof In] extends [never] ? [] : Partial<In> extends In ? [asked?: In] : [asked: In];

/** A path has a place for what the call names. */
type PathFor<In> = In extends { params: infer Params } ? `${string}/:${keyof Params & string}${string}` : string;

export type Send = (method: Method, path: string, parts: Parts | undefined) => Promise<Response>;

export interface StaffCall<In, Out> {
  method: Method;
  /** Behind `/staff`. */
  path: string;
  /** What it gives: `data`, a page of rows, a raw answer, or nothing but that it is done. */
  gives: 'data' | 'page' | 'raw' | 'done';
  over(send: Send): (...asked: Asked<In>) => Promise<Out>;
}

const described = <In extends Parts, Out>(
  gives: StaffCall<In, Out>['gives'],
  method: Method,
  path: string,
  read: (answer: Response) => Promise<Out>,
): StaffCall<In, Out> => ({
  method,
  path,
  gives,
  over:
    (send) =>
    async (...[asked]) =>
      read(await send(method, path, asked)),
});

export const call = <In extends Parts, Out>(method: Method, path: PathFor<In>) =>
  described<In, Out>('data', method, path, async (answer) => (await ours<{ data: Out }>(answer)).data);

export const list = <In extends Parts & { query?: PageQuery | undefined }, Row>(path: PathFor<In>) =>
  described<In, Page<Row>>('page', 'GET', path, (answer) => ours<Page<Row>>(answer));

/** A file or a stream: may be long, so it is read by who asked. */
export const raw = <In extends Parts>(path: PathFor<In>) =>
  described<In, Response>('raw', 'GET', path, async (answer) => answer);

export const done = <In extends Parts>(method: Method, path: PathFor<In>) =>
  described<In, void>('done', method, path, async (answer) => {
    if (answer.status !== 204) throw new Refused(answer, null);
  });

/** What the server refused, and why. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly status: number;
  /** `server.error` also when the answer was not ours: from a proxy, for one. */
  readonly code: ErrorCode;
  /** What is wrong with which field; empty when it is not about fields. */
  readonly fields: FieldFault[];
  /** Names the request in the server's log; null when the answer was not ours. */
  readonly requestId: string | null;

  constructor({ status }: Response, body: unknown) {
    const error = isRefusal(body) ? body.error : null;
    const { code, message } = error ?? { code: 'server.error', message: errorWords['server.error'].zh };
    super(`${message}（${code}）`);
    this.status = status;
    this.code = code as ErrorCode;
    this.fields = error?.detail?.fields ?? [];
    this.requestId = error?.requestId ?? null;
  }
}

const isRefusal = (body: unknown): body is RefusalBody => typeof (body as RefusalBody | null)?.error?.code === 'string';

/** Null for what is no JSON. */
export const jsonOf = (answer: Response): Promise<unknown> => answer.json().catch(() => null);

/** The JSON of an answer that was not refused. @throws {Refused} when it is somebody else's */
async function ours<Body extends { data: unknown }>(answer: Response): Promise<Body> {
  const body = (await jsonOf(answer)) as Body | null;
  if (body?.data === undefined) throw new Refused(answer, null);
  return body;
}
