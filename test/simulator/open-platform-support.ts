import { signSorted, unseal } from '../../simulator/src/platform/message-crypto.ts';
import { type Body, type ReceivedPush, startPlatform, startReceiver } from './platform-support.ts';

export type PlatformOwner = Awaited<ReturnType<typeof startOpenPlatform>>;

/** The simulator, and a server that the third-party platform pushes to; words for what its owner does. */
export async function startOpenPlatform() {
  const wechat = await startPlatform();
  const ours = await startReceiver();
  const kit = wechat.kit.openPlatform;
  const lever = (path: string, body: object = {}) => wechat.lever(`/open-platform${path}`, body);
  const settled = () => wechat.lever('/pushes/settled');
  const ask = async (path: string, body: object, query: object = {}): Promise<Body> =>
    (await wechat.post(`/cgi-bin/component/${path}`, query, { component_appid: kit.appid, ...body })).body;

  /** Checks like a careful receiver, and opens what was pushed. */
  const open = ({ query, body }: ReceivedPush): string => {
    const [timestamp, nonce] = [query.get('timestamp')!, query.get('nonce')!];
    const sealed = fieldOf(body, 'Encrypt');
    expect(query.get('signature')).toBe(signSorted(kit.token, timestamp, nonce));
    expect(query.get('msg_signature')).toBe(signSorted(kit.token, timestamp, nonce, sealed));
    const opened = unseal(sealed, kit.encodingAesKey);
    expect(opened.appid).toBe(kit.appid);
    return opened.text;
  };
  const told = () => ours.received.map(open);

  return {
    ...wechat,
    ours,
    kit,
    owner: { ask, lever, settled, told },
    /** The console names our addresses; the first ticket comes. */
    async introduce(more: object = {}) {
      await lever('/settings', { authorisationUrl: ours.url, messageUrl: `${ours.url}/$APPID$`, ...more });
      await settled();
    },
    ticket: () =>
      fieldOf(
        told().findLast((xml) => xml.includes('ComponentVerifyTicket'))!,
        'ComponentVerifyTicket',
      ),
    async componentToken(): Promise<string> {
      const { component_access_token: token } = await ask('api_component_token', {
        component_appsecret: kit.secret,
        component_verify_ticket: this.ticket(),
      });
      return token;
    },
    async stop() {
      await wechat.stop();
      await ours.stop();
    },
  };
}

/** A field of an XML that is known to have it. */
export const fieldOf = (xml: string, name: string): string =>
  new RegExp(`<${name}>(?:<!\\[CDATA\\[)?(.*?)(?:\\]\\]>)?</${name}>`).exec(xml)?.[1] ?? '';
