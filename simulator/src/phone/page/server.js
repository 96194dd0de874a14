/** What a lever or the phone's own server answered. */
export async function ask(method, path, body) {
  const answer = await fetch(path, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) }).catch(
    () => null,
  );
  if (!answer) return { ok: false, error: '模拟微信没有应答' };
  const text = await answer.text();
  const value = readJson(text);
  return answer.ok
    ? { ok: true, value }
    : { ok: false, error: value?.error ?? `${answer.status} ${text.slice(0, 120)}` };
}

export const lever = (path, body = {}, method = 'POST') =>
  ask(method, `/levers${path}`, method === 'DELETE' ? undefined : body);

function readJson(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
