import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { BadServiceFiles, loadServices, priceOf, servicesFolder } from '../../src/catalogue/index.ts';
import { definitionOf, EXAMPLE } from './example.ts';

describe('the services that we sell', () => {
  it('are eight, and nothing is wrong with them', async () => {
    const services = await loadServices();
    expect(services.toSorted((a, b) => a.position - b.position).map(({ code }) => code)).toEqual([
      'call-centre-licence',
      'licence-renewal',
      'sim-review',
      'sim-second-review',
      'outbound-suspension',
      'service-account-opening',
      'service-account-verification',
      'wechat-pay-application',
    ]);
  });

  it('ask a call centre for a capital that fits its coverage', async () => {
    const licence = (await loadServices()).find(({ code }) => code === 'call-centre-licence')!;
    const capitalOf = (packageCode: string) =>
      licence.preCheck
        .filter(({ code, packages }) => code.startsWith('capital') && packages?.includes(packageCode))
        .map(({ code, required }) => [code, required]);
    expect(capitalOf('provincial')).toEqual([['capital_one_million', true]]);
    expect(capitalOf('nationwide_centralised')).toEqual([['capital_ten_million', true]]);
    expect(capitalOf('nationwide_distributed')).toEqual([['capital_ten_million', true]]);
    expect(licence.preCheck.filter(({ packages }) => !packages || packages.includes('provincial'))).toHaveLength(7);
  });

  it('collect the review fee of WeChat apart, 300 yuan for each attempt', async () => {
    const verification = (await loadServices()).find(({ code }) => code === 'service-account-verification')!;
    for (const { code } of verification.packages) {
      expect(priceOf(verification, code, 'full').lines).toContainEqual({
        kind: 'government_fee',
        name: '微信认证审核费（每次）',
        amountFen: 30000,
      });
    }
  });
});

describe('a folder of service files', () => {
  let folder: string;
  beforeEach(async () => void (folder = await mkdtemp(path.join(tmpdir(), 'tongban-services-'))));
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const write = (name: string, text: string | Buffer) => writeFile(path.join(folder, name), text);
  const refusal = async () => {
    const error: unknown = await loadServices(folder).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(BadServiceFiles);
    return (error as BadServiceFiles).message.split('\n').map((line) => line.trim());
  };

  it('is read whole, other files left alone', async () => {
    await write('shop-permit.yaml', EXAMPLE);
    await write('README.md', 'not a service');
    expect((await loadServices(folder)).map(({ code }) => code)).toEqual(['shop-permit']);
  });

  it('may have a byte order mark at the beginning of a file', async () => {
    await write('shop-permit.yaml', `\uFEFF${EXAMPLE}`);
    expect(await loadServices(folder)).toHaveLength(1);
  });

  it('tells the faults of all files at once, each with file, line and column', async () => {
    await write('a.yaml', EXAMPLE.replace('code: shop-permit', 'code: a').replace('position: 10', 'position: ten'));
    await write('b.yaml', EXAMPLE.replace('code: shop-permit', 'code: c'));
    await write('d.yml', EXAMPLE);
    await write('e.yaml', Buffer.from([0x63, 0xff, 0xfe]));
    expect(await refusal()).toEqual([
      '服务项目文件有 4 处错误：',
      'a.yaml:8:1 position：应为数字',
      'b.yaml:2:1 code：必须与文件名一致：文件名应为 c.yaml',
      'd.yml:1:1 文件名必须以 .yaml 结尾',
      'e.yaml:1:1 文件不是 UTF-8 编码',
    ]);
  });

  it('is refused when there is no service in it, so that a broken installation withdraws nothing', async () => {
    expect((await refusal())[1]).toContain('没有任何服务项目文件');
  });

  it('is refused when it does not exist', async () => {
    await expect(loadServices(path.join(folder, 'nowhere'))).rejects.toThrow('ENOENT');
  });
});

it('finds the folder beside package.json', () => {
  expect(servicesFolder()).toBe(path.resolve('templates/services'));
});

it.each(['services.md', 'services.zh-CN.md'])('shows a right file in docs/%s', async (page) => {
  const text = await readFile(path.join('docs', page), 'utf8');
  const [, example] = /```yaml\n([^]*?)```/.exec(text)!;
  expect(definitionOf(example!, 'licence-renewal.yaml').code).toBe('licence-renewal');
});
