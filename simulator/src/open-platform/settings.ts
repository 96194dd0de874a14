/** What the console of the third-party platform holds, and how the simulator treats what the documentation leaves open. */
export interface OpenPlatformSettings {
  /** 授权事件接收URL: tickets and authorisations; empty: nothing is pushed, and there is no ticket. */
  authorisationUrl: string;
  /** 消息与事件接收URL with `$APPID$` in the place of the account. */
  messageUrl: string;
  /** `held`: pushes are made but wait for a lever. */
  pushes: 'auto' | 'held';
  /** Pushes lost in a row before WeChat marks an address as failed for a minute; the figure is not published. */
  markFailAfter: number;
  /** `stopped`: no ticket comes by itself until api_start_push_ticket is called. */
  tickets: 'auto' | 'stopped';
  /** The code of a ticket that was never given out: two pages name two. */
  wrongTicketCode: 61006 | 40091;
  /** False: the caller's address is not on the platform's list, and every call is refused. */
  whitelistOk: boolean;
  /** False: the platform is not released, and no account can be authorised. */
  published: boolean;
  /** Life of a pre-auth code: the sample says 600, newer pages 1800. */
  preAuthCodeSeconds: 600 | 1800;
  /** Life of an authorisation code; the samples say an hour, no page does. */
  authCodeSeconds: number;
  /** The code of an authorisation code that was used: 61009 (invalid) or 61010 (expired), not stated which. */
  usedCodeAnswer: 61009 | 61010;
  /** Whether the authorised event carries the code of the redirect or one of its own; not stated. */
  codeInEvent: 'same' | 'another';
  /** Whether a new token ends the former one after five minutes, as with accounts of one's own, or lets it live; not stated. */
  formerTokens: 'overlap' | 'live';
  /** Whether a refresh gives a new refresh token; the page says only: store the returned one. */
  refreshTokens: 'rotate' | 'stay';
  /** What a refresh token is worth after it was replaced. */
  formerRefreshToken: 'dies' | 'works';
  /** The list of authorised accounts tells refresh tokens; they may be missing. */
  listsRefreshTokens: boolean;
}

export const OPEN_PLATFORM_CHOICES = {
  pushes: ['auto', 'held'],
  tickets: ['auto', 'stopped'],
  wrongTicketCode: [61006, 40091],
  preAuthCodeSeconds: [600, 1800],
  usedCodeAnswer: [61009, 61010],
  codeInEvent: ['same', 'another'],
  formerTokens: ['overlap', 'live'],
  refreshTokens: ['rotate', 'stay'],
  formerRefreshToken: ['dies', 'works'],
} as const;

export const usualOpenPlatformSettings = (): OpenPlatformSettings => ({
  authorisationUrl: '',
  messageUrl: '',
  pushes: 'auto',
  markFailAfter: 3,
  tickets: 'auto',
  wrongTicketCode: 61006,
  whitelistOk: true,
  published: true,
  preAuthCodeSeconds: 600,
  authCodeSeconds: 3600,
  usedCodeAnswer: 61009,
  codeInEvent: 'same',
  formerTokens: 'overlap',
  refreshTokens: 'rotate',
  formerRefreshToken: 'dies',
  listsRefreshTokens: true,
});
