// Turns what the stand-in WeChat hands out, as WeChat's merchant portal and consoles would, into our configuration.

/** The stand-in's ids say what the template is for: `SIMULATOR-OA-OrderPaid-000…` serves `order-paid`. */
const messageOf = (id) =>
  id
    .split('-')[2]
    .replace(/[A-Z]/g, (capital) => `-${capital.toLowerCase()}`)
    .slice(1);

const pairs = (ids) => ids.map((id) => `${messageOf(id)}=${id}`).join(',');

/**
 * @param {{ kit: any, origin: string, backupOrigin: string }} simulator
 * @returns {Record<string, string>} environment of the server
 */
export function environmentFor({ kit, origin, backupOrigin }) {
  const { merchant, publicKey, officialAccount, miniProgram, openPlatform } = kit;
  return {
    WECHAT_PAY_ORIGIN: origin,
    WECHAT_PAY_BACKUP_ORIGIN: backupOrigin,
    WECHAT_API_ORIGIN: origin,
    WECHAT_OPEN_ORIGIN: origin,
    WECHAT_MP_ORIGIN: origin,
    WECHAT_SCRIPT_ORIGIN: origin,
    FRAME_ANCESTORS: origin,
    COMPLAINTS: 'notices',
    FAPIAO: 'wechat',
    // The code of WeChat's own sample.
    FAPIAO_TAX_CODE: '3010101020203000000',
    FAPIAO_TAX_RATE: '600',
    FAPIAO_CARD_LOGO_URL: 'https://mmbiz.qpic.cn/mmbiz/stand-in/0',
    WECHAT_PAY_MCHID: kit.mchid,
    WECHAT_PAY_MERCHANT_SERIAL: merchant.serial,
    WECHAT_PAY_MERCHANT_KEY: merchant.privateKeyPem,
    WECHAT_PAY_MERCHANT_CERTIFICATE: merchant.certificatePem,
    WECHAT_PAY_API_V3_KEY: kit.apiV3Key,
    WECHAT_PAY_PUBLIC_KEY_ID: publicKey.id,
    WECHAT_PAY_PUBLIC_KEY: publicKey.publicKeyPem,
    OFFICIAL_ACCOUNT_APPID: officialAccount.appid,
    OFFICIAL_ACCOUNT_SECRET: officialAccount.secret,
    OFFICIAL_ACCOUNT_ORIGINAL_ID: officialAccount.originalId,
    OFFICIAL_ACCOUNT_PUSH_TOKEN: officialAccount.token,
    OFFICIAL_ACCOUNT_PUSH_KEY: officialAccount.encodingAesKey,
    OFFICIAL_ACCOUNT_PUSH_MODE: officialAccount.pushMode,
    OFFICIAL_ACCOUNT_TEMPLATES: pairs(officialAccount.templates.map(({ templateId }) => templateId)),
    MINI_PROGRAM_APPID: miniProgram.appid,
    MINI_PROGRAM_SECRET: miniProgram.secret,
    MINI_PROGRAM_ORIGINAL_ID: miniProgram.originalId,
    MINI_PROGRAM_PUSH_TOKEN: miniProgram.token,
    MINI_PROGRAM_PUSH_KEY: miniProgram.encodingAesKey,
    MINI_PROGRAM_PUSH_MODE: miniProgram.pushMode,
    MINI_PROGRAM_TEMPLATES: pairs(miniProgram.templates.map(({ priTmplId }) => priTmplId)),
    OPEN_PLATFORM_APPID: openPlatform.appid,
    OPEN_PLATFORM_SECRET: openPlatform.secret,
    OPEN_PLATFORM_PUSH_TOKEN: openPlatform.token,
    OPEN_PLATFORM_PUSH_KEY: openPlatform.encodingAesKey,
  };
}

async function post(address, body) {
  const answer = await fetch(address, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${address} answered ${answer.status}: ${await answer.text()}`);
}

/** Tells the stand-in where our server is, as an administrator does in WeChat's consoles. */
export async function introduce(simulatorOrigin, serverOrigin) {
  const { host } = new URL(serverOrigin);
  await post(`${simulatorOrigin}/levers/official-account/settings`, {
    callbackUrl: `${serverOrigin}/wechat/official-account`,
    domains: { oauth: [host], jsSafe: [host] },
  });
  await post(`${simulatorOrigin}/levers/mini-program/settings`, { callbackUrl: `${serverOrigin}/wechat/mini-program` });
  await post(`${simulatorOrigin}/levers/open-platform/settings`, {
    authorisationUrl: `${serverOrigin}/wechat/open-platform`,
    messageUrl: `${serverOrigin}/wechat/open-platform/$APPID$`,
  });
}
