import Taro from '@tarojs/taro';
import { NoAnswer } from '../refusal.ts';
import type { Transport } from '../request.ts';

export const transport: Transport = async ({ method, path, body, headers, timeoutMs }) => {
  const answer = await Taro.request<unknown>({
    url: API_ORIGIN + path,
    method,
    data: body,
    header: { ...headers, 'Content-Type': 'application/json' },
    timeout: timeoutMs,
  }).catch(async (failure: { errMsg?: string }) => {
    throw new NoAnswer(await silenceOf(failure.errMsg ?? ''));
  });
  const named = new Map(
    Object.entries(answer.header ?? {}).map(([name, value]) => [name.toLowerCase(), String(value)]),
  );
  return {
    status: answer.statusCode,
    body: answer.data === '' ? null : answer.data,
    header: (name) => named.get(name) ?? null,
  };
};

async function silenceOf(message: string): Promise<NoAnswer['silence']> {
  if (message.includes('timeout')) return 'timeout';
  const network = await Taro.getNetworkType().catch(() => null);
  return network?.networkType === 'none' ? 'offline' : 'unreachable';
}
