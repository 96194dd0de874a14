import Taro from '@tarojs/taro';
import { NoAnswer } from '../refusal.ts';

/**
 * Shows a PDF by its address. The menu, which WeChat hides unless asked, is the way to keep it or to send it on
 * (documentation of wx.openDocument). @throws when it did not come or WeChat does not open it
 */
export async function openPaper(address: string): Promise<'opened' | 'left'> {
  const { statusCode, tempFilePath } = await Taro.downloadFile({ url: address }).catch(() => {
    throw new NoAnswer('unreachable');
  });
  if (statusCode !== 200) throw new NoAnswer('unreachable');
  await Taro.openDocument({ filePath: tempFilePath, fileType: 'pdf', showMenu: true });
  return 'opened';
}
