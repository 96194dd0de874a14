const PATIENCE_MS = 3000;

/** Whether anything answers where a page is to be opened: a frame does not tell its parent that nothing did. */
export async function isReachable(url: string): Promise<boolean> {
  if (!URL.canParse(url)) return false;
  try {
    const { origin } = new URL(url);
    const answer = await fetch(origin, {
      method: 'HEAD',
      redirect: 'manual',
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    await answer.body?.cancel();
    return true;
  } catch {
    return false;
  }
}
