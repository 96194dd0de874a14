import { generateKeyPairSync } from 'node:crypto';
import { jest } from '@jest/globals';
import { pino } from 'pino';
import { KeyStore, type PlatformCertificate } from '../../../src/platform/wechat-pay/keys.ts';

const { publicKey: key } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const minutes = (count: number) => jest.advanceTimersByTimeAsync(count * 60_000);

let asked: number;
let isAway: boolean;
let keys: KeyStore;

beforeEach(() => {
  jest.useFakeTimers();
  asked = 0;
  isAway = false;
  const download = async (): Promise<PlatformCertificate[]> => {
    asked += 1;
    if (isAway) throw new Error('away');
    return [{ serial: `SERIAL${asked}`, key, expiresAt: new Date('2040-01-01') }];
  };
  keys = new KeyStore({ publicKey: null, download, now: () => new Date(), log: pino({ level: 'silent' }) });
});
afterEach(() => {
  keys.stop();
  jest.useRealTimers();
});

it('fetches at the start and every hour, and lets go of what is no longer listed', async () => {
  await keys.start();
  expect(asked).toBe(1);
  await minutes(59);
  expect(asked).toBe(1);
  await minutes(1);
  expect(asked).toBe(2);
  expect([keys.find('SERIAL1'), keys.find('SERIAL2')]).toEqual([null, key]);
  await minutes(60);
  expect(asked).toBe(3);
});

it('tries again after a minute as long as WeChat is away', async () => {
  isAway = true;
  await keys.start();
  await minutes(2);
  expect(asked).toBe(3);
  isAway = false;
  await minutes(1);
  expect(asked).toBe(4);
  await minutes(59);
  expect(asked).toBe(4);
});

it('stops', async () => {
  await keys.start();
  keys.stop();
  await minutes(600);
  expect(asked).toBe(1);
  expect(jest.getTimerCount()).toBe(0);
});

it('has one timer, however often it is started', async () => {
  await keys.start();
  await keys.start();
  await minutes(60);
  expect(asked).toBe(2);
});
