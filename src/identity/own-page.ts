import { invalid } from '../platform/http/accept.ts';

/**
 * The address of one of our pages, without its fragment, to the letter: WeChat's signature covers it as the browser shows it.
 * @throws {AppError} request.invalid when it is another's page: our ticket signs for us only
 */
export function ownPage(url: string, publicOrigin: string): string {
  if (!URL.canParse(url) || new URL(url).origin !== publicOrigin)
    throw invalid([{ field: 'url', message: '只能用于本站的页面' }]);
  return url.split('#')[0] ?? url;
}
