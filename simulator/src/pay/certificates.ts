import { randomBytes } from 'node:crypto';
import { PayError } from '../errors.ts';
import type { PlatformCertificate } from '../kit.ts';
import type { World } from '../world.ts';
import { seal } from './cryptography.ts';
import { badField } from './fields.ts';
import { beijingTime } from './numbers.ts';

const ALGORITHMS: readonly unknown[] = ['RSA', 'SM2', 'ALL'];

/** GET /v3/certificates (WeChat Pay documentation 4012551764). */
export function listCertificates({ kit, pay }: World, algorithm: unknown): Record<string, unknown> {
  if (algorithm !== undefined && !ALGORITHMS.includes(algorithm)) {
    throw badField('/algorithm_type', algorithm, '取值只能为RSA、SM2、ALL', undefined, 'query');
  }
  const { keyMode, certificatesAbsence } = pay.settings;
  if (keyMode === 'public-key' && certificatesAbsence !== 'empty-list') {
    throw new PayError(404, certificatesAbsence, '无可用的平台证书，请在商户平台-API安全申请使用微信支付公钥');
  }
  if (keyMode === 'public-key' || algorithm === 'SM2') return { data: [] };
  return { data: kit.platformCertificates.map((certificate) => present(certificate, kit.apiV3Key)) };
}

function present({ serial, certificatePem, effectiveTime, expireTime }: PlatformCertificate, apiV3Key: string) {
  const nonce = randomBytes(6).toString('hex');
  return {
    serial_no: serial,
    effective_time: beijingTime(Date.parse(effectiveTime)),
    expire_time: beijingTime(Date.parse(expireTime)),
    encrypt_certificate: {
      algorithm: 'AEAD_AES_256_GCM',
      nonce,
      associated_data: 'certificate',
      ciphertext: seal(apiV3Key, certificatePem, nonce, 'certificate'),
    },
  };
}
