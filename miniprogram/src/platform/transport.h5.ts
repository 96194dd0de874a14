import { NoAnswer } from '../refusal.ts';
import type { Answer, Transport } from '../request.ts';

/** Same origin, so the session's cookie travels by itself. */
export const transport: Transport = async ({ method, path, body, headers, timeoutMs }) => {
  const giveUp = new AbortController();
  const timer = setTimeout(() => giveUp.abort(), timeoutMs);
  try {
    const response = await fetch(path, {
      method,
      headers: body === undefined ? headers : { ...headers, 'Content-Type': 'application/json' },
      body: body === undefined ? null : JSON.stringify(body),
      credentials: 'same-origin',
      signal: giveUp.signal,
    });
    const text = await response.text();
    return { status: response.status, body: parsed(text), header: (name) => response.headers.get(name) };
  } catch {
    throw new NoAnswer(giveUp.signal.aborted ? 'timeout' : navigator.onLine ? 'unreachable' : 'offline');
  } finally {
    clearTimeout(timer);
  }
};

function parsed(text: string): Answer['body'] {
  if (text === '') return null;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
