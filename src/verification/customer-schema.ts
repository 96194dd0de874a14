import { z } from 'zod';
import { accountKinds, verificationParts, verificationSources, verificationStates } from '../contracts/accounts.ts';
import type {
  AccountChangeView,
  BadgeLinkView,
  BadgeView,
  CustomerAccountView,
} from '../contracts/customer-accounts.ts';
import { oneOf, shapeOf } from '../platform/http/shapes.ts';
import { accountView } from './schema.ts';

/** A code that cannot be one is refused like one that is not. */
export const byCode = z.object({ code: z.string() });

const instant = z.iso.datetime();

export const badgeLinkView = shapeOf<BadgeLinkView>()(z.object({ code: z.string(), address: z.url() }));
export const customerAccountView = shapeOf<CustomerAccountView>()(
  accountView.extend({
    offer: z.object({ serviceCode: z.string().nullable() }).nullable(),
    authoriseAt: z.string().nullable(),
    badge: badgeLinkView.nullable(),
    canShowBadge: z.boolean(),
  }),
);
export const changeView = shapeOf<AccountChangeView>()(
  z.object({
    id: z.uuid(),
    source: oneOf(verificationSources),
    sourceWords: z.string(),
    changes: z.array(
      z.object({
        part: z.union([oneOf(verificationParts), z.literal('state')]),
        partWords: z.string(),
        before: z.string().nullable(),
        after: z.string(),
      }),
    ),
    reason: z.string().nullable(),
    happenedAt: instant,
    knownAt: instant,
  }),
);
export const badgeView = shapeOf<BadgeView>()(
  z.object({
    name: z.string(),
    subject: z.string().nullable(),
    kind: oneOf(accountKinds),
    kindWords: z.string(),
    state: oneOf(verificationStates),
    stateWords: z.string(),
    isValid: z.boolean(),
    hasTick: z.boolean(),
    expiresAt: instant.nullable(),
    asOf: instant,
    sourceWords: z.string(),
  }),
);
