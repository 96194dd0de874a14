export type { AuthoriseRequest, WebScope } from './authorise-url.ts';
export {
  createOfficialAccount,
  type AccountTemplate,
  type Follower,
  type OfficialAccount,
  type OfficialAccountConfig,
  type TemplateMessage,
  type WebAuthorisation,
} from './gateway.ts';
export type { JsSdkParameters } from './js-sdk.ts';
