import { backAddress, backPath } from '../../src/identity/back-path.ts';
import { deviceName } from '../../src/identity/device-name.ts';
import { cleanNickname } from '../../src/identity/nickname.ts';

describe('the name of a device', () => {
  it.each([
    ['Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) Mobile MicroMessenger/8.0.49', 'iPhone 微信'],
    ['Mozilla/5.0 (iPad; CPU OS 17_4 like Mac OS X) MicroMessenger/8.0', 'iPad 微信'],
    ['Mozilla/5.0 (Linux; Android 14; PJD110) Mobile Safari/537.36 MicroMessenger/8.0.47', '安卓手机 微信'],
    ['Mozilla/5.0 (Linux; Android 13; Pad) Safari/537.36', '安卓平板'],
    ['Mozilla/5.0 (Phone; OpenHarmony 5.0) ArkWeb/4.1 Mobile MicroMessenger/8.0', '鸿蒙设备 微信'],
    ['Mozilla/5.0 (Windows NT 10.0; Win64; x64) WindowsWechat MicroMessenger/7.0', 'Windows 电脑 微信'],
    ['Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Safari/605', 'Mac 电脑'],
    ['Mozilla/5.0 (X11; Linux x86_64) Chrome/130', 'Linux 电脑'],
    ['curl/8', '未知设备'],
    ['', '未知设备'],
  ])('%s is %s', (userAgent, name) => expect(deviceName(userAgent)).toBe(name));
});

describe('a nickname', () => {
  it.each([
    ['  林晓\n', '林晓'],
    ['a\u0000b\u009fc', 'abc'],
    ['\u202eabc\u2066', 'abc'],
    ['👩‍👩‍👧', '👩‍👩‍👧'],
    ['\ud83d', ''],
    ['', ''],
    ['名'.repeat(70), '名'.repeat(64)],
    ['🌸'.repeat(70), '🌸'.repeat(64)],
    [`${'a'.repeat(63)} b`, 'a'.repeat(63)],
  ])('%j is kept as %j', (told, kept) => expect(cleanNickname(told)).toBe(kept));
});

describe('the way back', () => {
  it('is the first page when nothing is said', () => expect(backPath(undefined)).toBe('/'));

  it.each([
    ['/', '/?signInError=session.snapshot'],
    ['/me', '/me?signInError=session.snapshot'],
    ['/me?', '/me?signInError=session.snapshot'],
    ['/#/pages/me?x=1', '/?signInError=session.snapshot#/pages/me?x=1'],
    ['/me?a=1#b', '/me?a=1&signInError=session.snapshot#b'],
    ['/me?signInError=x&signInErrors=y#b#c', '/me?signInErrors=y&signInError=session.snapshot#b#c'],
    ['/me?a=?', '/me?a=?&signInError=session.snapshot'],
  ])('from %s tells the page of a refusal', (back, address) =>
    expect(backAddress(back, 'session.snapshot')).toBe(address),
  );
});
