import { z } from 'zod';
import type {
  CustomerView,
  DeviceView,
  FrontSettings,
  JsSdkView,
  MiniProgramLoginBody,
  PhoneBody,
  SessionView,
} from '../contracts/app.ts';
import { line, shapeOf } from '../platform/http/shapes.ts';

/** A code that WeChat gave to the phone; opaque to us. */
const wechatCode = z.string().regex(/^[\x21-\x7e]{1,256}$/, '微信凭证格式不正确');
const appKind = z.enum(['mini-program', 'official-account']);

export const miniProgramLoginBody = shapeOf<MiniProgramLoginBody>()(
  z.object({ code: wechatCode, device: line(64).optional() }),
);

export const phoneBody = shapeOf<PhoneBody>()(z.object({ code: wechatCode }));

export const bySession = z.object({ id: z.uuid('标识不正确') });

/** What comes with a page address is never worth an error page: what cannot be used counts as absent. */
const lenient = (maxLength: number) => z.string().max(maxLength).optional().catch(undefined);

export const startQuery = z.object({ scope: z.enum(['base', 'userinfo']).catch('base'), back: lenient(4096) });
export const callbackQuery = z.object({ code: lenient(512), state: lenient(128) });

export const jsSdkQuery = z.object({ url: z.string().max(2048, '网址过长') });

export const customerView = shapeOf<CustomerView>()(
  z.object({
    nickname: z.string().nullable(),
    phoneMasked: z.string().nullable(),
    follows: z.boolean().nullable(),
    signedInWith: appKind,
  }),
);

export const sessionView = shapeOf<SessionView>()(
  z.object({ token: z.string(), expiresAt: z.iso.datetime(), customer: customerView }),
);

export const deviceView = shapeOf<DeviceView>()(
  z.object({
    id: z.string(),
    device: z.string(),
    signedInWith: appKind,
    lastSeenAt: z.iso.datetime(),
    isCurrent: z.boolean(),
  }),
);

export const frontSettings = shapeOf<FrontSettings>()(
  z.object({
    jsSdkScript: z.string(),
    officialAccountAppid: z.string(),
    officialAccountName: z.string(),
    consentTemplateIds: z.array(z.string()),
    agencyName: z.string(),
    canAuthorise: z.boolean(),
  }),
);

export const jsSdkView = shapeOf<JsSdkView>()(
  z.object({ appId: z.string(), timestamp: z.int(), nonceStr: z.string(), signature: z.string() }),
);
