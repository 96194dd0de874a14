import type { MiniProgramSession } from '../platform/mini-program/index.ts';
import type { Desk } from '../platform/work.ts';
import { signInRefusal } from './errors.ts';
import { openSession, type OpenedSession } from './open-session.ts';
import { recordIdentity } from './record-identity.ts';

/**
 * Signs a phone in with the code of `wx.login`.
 * @param device what the person will recognise it by
 * @throws {AppError} session.code_refused, session.blocked, upstream.unavailable, upstream.refused
 */
export async function signInMiniProgram(desk: Desk, code: string, device: string): Promise<OpenedSession> {
  const { openid, unionid, sessionKey } = await exchange(desk, code);
  const { appid } = desk.miniProgram;
  return desk.transaction(
    async (work) => {
      const identity = await recordIdentity(work, { appKind: 'mini-program', appid, openid, unionid, sessionKey });
      return openSession(work, identity, device);
    },
    { retryDuplicates: true },
  );
}

async function exchange(desk: Desk, code: string): Promise<MiniProgramSession> {
  try {
    return await desk.miniProgram.exchangeCode(code);
  } catch (error) {
    throw signInRefusal(error);
  }
}
