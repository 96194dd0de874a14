import type { FapiaoApplication } from './fapiao.ts';
import type { TitleLink } from './titles.ts';

export interface CardTemplate {
  appid: string;
  cardId: string;
  payeeName: string | null;
}

/** A file that the merchant uploaded, for three days. */
export interface UploadedFile {
  bytes: Buffer;
  /** Virtual Unix milliseconds, as all instants here. */
  expiresAt: number;
}

/** What a download token opens, for thirty seconds. */
export interface FileToken {
  applyId: string;
  fapiaoId: string;
  expiresAt: number;
}

/** What WeChat Pay remembers of the merchant's electronic fapiao. */
export class FapiaoState {
  /** By fapiao_apply_id. */
  readonly applications = new Map<string, FapiaoApplication>();
  /** What users were asked to fill in, or filled in, by fapiao_apply_id. */
  readonly titles = new Map<string, TitleLink>();
  readonly files = new Map<string, UploadedFile>();
  readonly tokens = new Map<string, FileToken>();
  cardTemplate: CardTemplate | null = null;
  /** Where news goes; nobody is told when null. */
  callbackUrl: string | null = null;
  showsCell = false;
  takesVatFapiao = false;
}
