import type { AppSettings } from './app.ts';

/** In whose name pushes go out. */
export interface PushSender {
  /** Part of the ids of its pushes. */
  readonly name: string;
  /** For whom they are sealed. */
  readonly appid: string;
  /** `gh_…` of the account that they are about; null: a third-party platform tells of itself, under its AppId. */
  readonly originalId: string | null;
}

/** What of a console concerns its pushes. */
export type PushSettings = Pick<
  AppSettings,
  | 'callbackUrl'
  | 'token'
  | 'encodingAesKey'
  | 'mode'
  | 'pushFormat'
  | 'pushes'
  | 'markFailAfter'
  | 'singleListAs'
  | 'numbersAs'
>;
