/** The mini-program is in WeChat already. */
export const OpenInWeChat = () => null;
