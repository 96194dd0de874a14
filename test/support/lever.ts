/** Pulls a lever of the stand-in WeChat. */
export type Lever = <T = unknown>(address: string, body?: unknown, method?: string) => Promise<T>;

export const leverOf =
  (simulatorOrigin: string): Lever =>
  async <T>(address: string, body?: unknown, method = body === undefined ? 'GET' : 'POST') => {
    const answer = await fetch(`${simulatorOrigin}/levers${address}`, {
      method,
      // A test may hold this process up for longer than an idle connection lives.
      headers: { connection: 'close', ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`lever ${address}: ${answer.status} ${text}`);
    return (text === '' ? undefined : JSON.parse(text)) as T;
  };
