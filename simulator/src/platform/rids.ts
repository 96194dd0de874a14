/** What `/cgi-bin/openapi/rid/get` tells about a refused call. */
export interface RidRecord {
  /** Whose token or appid came with the call, when it was known. */
  appid: string | null;
  /** Virtual Unix milliseconds. */
  at: number;
  url: string;
  requestBody: string;
  responseBody: string;
  ip: string;
}

const KEPT = 1000;

/** Refused calls by the rid in their errmsg. */
export class Rids {
  private readonly records = new Map<string, RidRecord>();

  /** @param answer a refusal; its errmsg ends with the rid */
  remember(answer: { errmsg: string }, record: Omit<RidRecord, 'responseBody'>): void {
    const rid = answer.errmsg.split('rid: ')[1];
    if (rid === undefined) return;
    this.records.set(rid, { ...record, responseBody: JSON.stringify(answer) });
    const oldest = this.records.keys().next();
    if (this.records.size > KEPT && !oldest.done) this.records.delete(oldest.value);
  }

  find(rid: string): RidRecord | null {
    return this.records.get(rid) ?? null;
  }
}
