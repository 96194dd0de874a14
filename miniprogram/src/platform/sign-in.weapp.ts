import Taro from '@tarojs/taro';
import type { MiniProgramLoginBody, SessionView } from '../../../src/contracts/index.ts';
import { NoAnswer } from '../refusal.ts';
import { contentOf } from '../request.ts';
import { shelf } from './shelf.ts';
import type { SignIn } from './sign-in-kind.ts';
import { transport } from './transport';

const TOKEN = 'tongban.token';
/** Stays until the person asks to sign in again, so that signing out means something. */
const SIGNED_OUT = 'tongban.signed-out';

let token = shelf.get(TOKEN);

export const signIn: SignIn = {
  headers: (): Record<string, string> => (token === null ? {} : { Authorization: `Bearer ${token}` }),
  isOpen: () => token !== null,

  async renew() {
    if (shelf.get(SIGNED_OUT) !== null) return false;
    const { code } = await Taro.login().catch(() => {
      throw new NoAnswer('unreachable');
    });
    const body: MiniProgramLoginBody = { code, device: deviceName() };
    const answer = await transport({
      method: 'POST',
      path: '/app/sessions/mini-program',
      body,
      headers: {},
      timeoutMs: 15_000,
    });
    token = contentOf<{ data: SessionView }>(answer).data.token;
    shelf.set(TOKEN, token);
    return true;
  },

  ask() {
    shelf.remove(SIGNED_OUT);
    return signIn.renew();
  },

  forget() {
    token = null;
    shelf.remove(TOKEN);
    shelf.set(SIGNED_OUT, 'yes');
  },

  takeError: () => null,
};

function deviceName(): string | undefined {
  try {
    return Taro.getDeviceInfo().model || undefined;
  } catch {
    return undefined; // older than base library 2.20.1
  }
}
