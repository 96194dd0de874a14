import { createHash } from 'node:crypto';
import { PayError } from '../../errors.ts';
import type { FaultKind } from '../../faults.ts';
import type { World } from '../../world.ts';
import type { PayFile } from '../answer.ts';
import { beijingTime } from '../numbers.ts';
import type { Fapiao } from './fapiao.ts';

type Query = Readonly<Record<string, unknown>>;

/**
 * The file behind a download address, to which the merchant adds whose fapiao it is. Neither the request nor the answer is signed: the digest
 * in a header stands in for that (documentation «下载发票文件», 2025.09.26).
 */
export function downloadFile(world: World, query: Query, fault: FaultKind | undefined): PayFile {
  const { clock, kit, pay } = world;
  const handedOut = pay.fapiao.tokens.get(String(query.token));
  if (!handedOut || clock.now() > handedOut.expiresAt) throw gone();
  const { applyId, fapiaoId } = handedOut;
  const fapiao = pay.fapiao.applications.get(applyId)!.fapiaos.find(({ id }) => id === fapiaoId)!;
  const asked = [query.mchid, query.fapiao_id, query.openid, query.invoice_no, query.invoice_code ?? ''];
  const right = [kit.mchid, fapiao.id, fapiao.card!.openid, fapiao.blue!.number, fapiao.blue!.code ?? ''];
  if (right.some((value, index) => value !== asked[index])) throw new PayError(400, 'PARAM_ERROR', '发票信息不一致');

  const bytes = pdfOf(wordsOf(fapiao));
  const digest = sm3(fault === 'fapiao-wrong-digest' ? Buffer.concat([bytes, Buffer.from(' ')]) : bytes);
  return {
    type: 'application/octet-stream',
    bytes: fault === 'fapiao-cut' ? bytes.subarray(0, Math.floor(bytes.length / 2)) : bytes,
    headers: {
      'SM3-Digest': digest.toUpperCase(),
      'Content-Disposition': `attachment; filename="${encodeURIComponent(fapiao.id)}.pdf"`,
    },
  };
}

export const sm3 = (bytes: Buffer): string => createHash('sm3').update(bytes).digest('hex');

const wordsOf = ({ id, totalFen, blue }: Fapiao): string[] => [
  'FAPIAO (stand-in, no tax document)',
  `Number ${blue!.code ?? ''}${blue!.number}`,
  `Date ${beijingTime(blue!.at).slice(0, 10)}`,
  `Total CNY ${(totalFen / 100).toFixed(2)}`,
  `Reference ${id.replace(/[^0-9A-Za-z_-]/g, '')}`,
];

/** A page of text, as small as a PDF can be (PDF 1.4): objects, a table of where they begin, a trailer. */
export function pdfOf(lines: readonly string[]): Buffer {
  const text = lines.map((line) => `(${line.replace(/[\\()]/g, '\\$&')}) Tj T*`).join('\n');
  const content = `BT /F1 12 Tf 16 TL 40 200 Td\n${text}\nET`;
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 420 240] /Contents 5 0 R /Resources << /Font << /F1 4 0 R >> >> >>',
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
    `<< /Length ${Buffer.byteLength(content)} >>\nstream\n${content}\nendstream`,
  ];
  let body = '%PDF-1.4\n';
  const begins = objects.map((object, index) => {
    const at = Buffer.byteLength(body);
    body += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return `${String(at).padStart(10, '0')} 00000 n \n`;
  });
  const table = `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${begins.join('')}`;
  const trailer = `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${Buffer.byteLength(body)}\n%%EOF\n`;
  return Buffer.from(body + table + trailer);
}

const gone = () => new PayError(400, 'INVALID_REQUEST', '下载链接无效或已过期，请重新获取');
