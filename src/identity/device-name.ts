/** What a browser says it runs on, most specific first. */
const DEVICES: readonly [RegExp, string][] = [
  [/iPhone/, 'iPhone'],
  [/iPad/, 'iPad'],
  [/HarmonyOS|OpenHarmony/, '鸿蒙设备'],
  [/Android.*Mobile|Mobile.*Android/, '安卓手机'],
  [/Android/, '安卓平板'],
  [/Windows/, 'Windows 电脑'],
  [/Macintosh|Mac OS X/, 'Mac 电脑'],
  [/Linux/, 'Linux 电脑'],
];

/** A short name for the list of devices, from the `User-Agent` header, for example “iPhone 微信”. */
export function deviceName(userAgent: string): string {
  const device = DEVICES.find(([pattern]) => pattern.test(userAgent))?.[1] ?? '未知设备';
  return /MicroMessenger/.test(userAgent) ? `${device} 微信` : device;
}
