import type { SimulatorContext } from '../routing.ts';
import { PHONE_COOKIE } from '../web/authorize.ts';

/**
 * Every person has a phone of their own, so the cookies of the pages they opened stay with them. Browsers keep cookies by
 * host name and not by port: what the pages on this host name have set can be put away here and laid out again.
 */
export class Pockets {
  private readonly byPerson = new Map<string, ReadonlyMap<string, string>>();

  /** Hands the phone over. The first person, who takes it from nobody, keeps what is there. */
  change(ctx: SimulatorContext, from: string | null, to: string): void {
    const here = readCookies(ctx.get('Cookie'));
    if (from !== null && from !== to) {
      this.byPerson.set(from, here);
      const own = this.byPerson.get(to) ?? new Map<string, string>();
      for (const name of here.keys()) if (!own.has(name)) append(ctx, name, '', '; Max-Age=0');
      for (const [name, value] of own) append(ctx, name, value);
    }
    append(ctx, PHONE_COOKIE, encodeURIComponent(to));
  }
}

function append(ctx: SimulatorContext, name: string, value: string, more = ''): void {
  ctx.append('Set-Cookie', `${name}=${value}; Path=/; HttpOnly; SameSite=Lax${more}`);
}

/** All cookies but the phone's own, with their values as they came. */
function readCookies(header: string): Map<string, string> {
  const pairs = header.split('; ').filter((pair) => pair.includes('='));
  const cookies = pairs.map((pair): [string, string] => {
    const middle = pair.indexOf('=');
    return [pair.slice(0, middle), pair.slice(middle + 1)];
  });
  return new Map(cookies.filter(([name]) => name !== PHONE_COOKIE));
}
