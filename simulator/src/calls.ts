/** One call that the simulator received. */
export interface Call {
  /** Virtual Unix milliseconds of its arrival. */
  at: number;
  method: string;
  /** With the query, secrets blotted out. */
  path: string;
  door: 'primary' | 'backup';
  /** Null when the connection was cut instead of an answer. */
  status: number | null;
  /** WeChat's word for what went wrong: Pay's `code`, the platform's `errcode`. */
  code?: string | number;
  /** The fault that was made of it, when a rule hit. */
  fault?: string;
  /** Real milliseconds. */
  ms: number;
}

const KEPT = 2000;
const SECRET_QUERY = /([?&](?:access_token|secret|component_access_token|authorizer_access_token)=)[^&]*/g;

/** The last calls, the newest last. */
export class CallLog {
  private calls: Call[] = [];

  add(call: Call): void {
    this.calls.push({ ...call, path: call.path.replace(SECRET_QUERY, '$1***') });
    if (this.calls.length > KEPT) this.calls = this.calls.slice(-KEPT);
  }

  /** @param path part of the path that is asked for */
  all(path = ''): Call[] {
    return this.calls.filter((call) => call.path.includes(path));
  }
}
