import { readServiceFile } from '../../src/catalogue/service-file.ts';
import { EXAMPLE, EXAMPLE_FILE, exampleWith } from './example.ts';

const faultsOf = (text: string, file = EXAMPLE_FILE) =>
  readServiceFile(file, text).faults.map(({ line, column, sentence }) => `${line}:${column} ${sentence}`);

/** Line of the first line that contains the piece, from 1. */
const lineOf = (text: string, piece: string) => text.split('\n').findIndex((line) => line.includes(piece)) + 1;

describe('a service file', () => {
  it('is read when nothing is wrong with it', () => {
    const { definition, faults } = readServiceFile(EXAMPLE_FILE, EXAMPLE);
    expect(faults).toEqual([]);
    expect(definition).toMatchObject({
      code: 'shop-permit',
      packages: [{ governmentFees: [{ name: '工本费', amountFen: 500 }] }, { governmentFees: [] }],
    });
  });

  it('may leave out what is optional', () => {
    for (const line of ['    hint: 看营业执照。\n', '    governmentFeesAt: issued\n', '    packages: [large]\n']) {
      expect(faultsOf(exampleWith(line, ''))).toEqual([]);
    }
  });

  // What is broken · by what · where it is reported (a piece of the broken line) · the words
  const faults: [from: string, to: string, at: string, words: string][] = [
    // its parts
    ['name: 开店许可代办', 'title: 开店许可代办', 'code: shop', 'name：缺少这一项'],
    ['name: 开店许可代办', 'name:', 'name:', 'name：这一项是空的'],
    ['name: 开店许可代办', 'name: ""', 'name: ""', 'name：请填写'],
    ['name: 开店许可代办', `name: ${'长'.repeat(31)}`, '长长', 'name：最多 30 个字'],
    ['name: 开店许可代办', 'name: 开店许可🎉', '🎉', 'name：含有不支持的字符'],
    ['name: 开店许可代办', 'name: 4008', 'name: 4008', 'name：应为文本（纯数字请加引号）'],
    ['code: shop-permit', 'code: Shop_Permit', 'Shop_Permit', 'code：只能用小写字母、数字和连字符'],
    ['code: shop-permit', 'code: shop-permits', 'shop-permits', 'code：必须与文件名一致：文件名应为 shop-permits.yaml'],
    ['position: 10', 'position: 0', 'position: 0', 'position：不能少于 1'],
    ['position: 10', 'position: 1.5', 'position: 1.5', 'position：应为整数'],
    ['summary: 一句话说明。', 'summary: [一句话]', 'summary:', 'summary：应为文本'],
    ['  - 第一段。', '  第一段。', 'description:', 'description：应为列表'],
    ['    includes: [材料, 图纸]', '    includes: []', 'includes: []', 'packages[1].includes：不能少于 1 项'],
    ['priceFen: 10001', 'priceFen: 100.01', '100.01', 'packages[0].priceFen：应为整数（金额以分为单位）'],
    ['priceFen: 10001', 'priceFen: "10001"', '"10001"', 'packages[0].priceFen：应为数字'],
    ['priceFen: 10001', 'priceFen: -1', 'priceFen: -1', 'packages[0].priceFen：不能少于 1'],
    ['priceFen: 10001', 'priceFen: 100000001', '100000001', 'packages[0].priceFen：不能多于 100000000'],
    ['amountFen: 500', 'amountFen: 0', 'amountFen: 0', 'packages[0].governmentFees[0].amountFen：不能少于 1'],
    ['needsProvince: true', 'needsProvince: yes', 'needsProvince: yes', 'needsProvince：应为 true 或 false'],
    [
      'needsProvince: true',
      'needsProvince: true\n    needsVerifiedAccount: yes',
      'needsVerifiedAccount',
      'needsVerifiedAccount：应为 true 或 false',
    ],
    ['    needsProvince: true\n', '', 'code: small', 'packages[0].needsProvince：缺少这一项'],
    ['    adviceIfNo: 请先设立公司。\n', '', 'code: has_company', 'preCheck[0].adviceIfNo：缺少这一项'],
    ['code: has_company', 'code: 有公司', '有公司', 'preCheck[0].code：只能用小写字母、数字和下划线'],
    ['percent: 40', 'percent: 101', 'percent: 101', 'refund.steps[1].percent：不能多于 100'],
    ['  sentences:\n    - 开工前全退。\n', '', 'refund:', 'refund.sentences：缺少这一项'],
    ['delivery: { at: work_started, kind: virtual }\n', '', 'code: shop', 'delivery：缺少这一项'],
    ['kind: virtual', 'kind: courier', 'courier', 'delivery.kind：'],
    // keys
    ['position: 10', 'position: 10\ncolour: red', 'colour', 'colour：不认识的键'],
    ['    hint: 看营业执照。', '    weight: 3', 'weight: 3', 'preCheck[0].weight：不认识的键'],
    ['position: 10', 'position: 10\n__proto__: { x: 1 }', '__proto__', '__proto__：不认识的键'],
    ['position: 10', 'position: 10\nmaterials: []', 'materials', 'materials：该部分将在后续版本支持'],
    ['position: 10', 'position: 10\nstages: []', 'stages', 'stages：该部分将在后续版本支持'],
    ['position: 10', 'position: 10\nclocks: []', 'clocks', 'clocks：该部分将在后续版本支持'],
    ['position: 10', 'position: 10\nmessages: []', 'messages', 'messages：该部分将在后续版本支持'],
    // between its parts
    ['- { code: placed, name: 下单 }', '- { code: begun, name: 下单 }', 'begun', '第一个里程碑必须是 placed'],
    [
      'code: issued, name: 发证',
      'code: work_started, name: 发证',
      'name: 发证',
      '编码“work_started”在 milestones 中重复',
    ],
    ['code: two_parts', 'code: full', 'code: full\n    name: 分', '编码“full”在 plans 中重复'],
    ['code: large', 'code: small', 'code: small\n    name: 商', '编码“small”在 packages 中重复'],
    [
      'code: has_drawings',
      'code: has_company',
      'code: has_company\n    question: 有图',
      '编码“has_company”在 preCheck 中重复',
    ],
    [
      'issued, percent: 50',
      'issued, percent: 49',
      'instalments:\n      - { name: 首',
      '各期比例之和必须为 100，现在是 99',
    ],
    ['placed, percent: 50', 'work_started, percent: 50', '首期款', '第一期必须在 placed（下单）时支付'],
    ['issued, percent: 50', 'isued, percent: 50', 'isued', '没有里程碑“isued”'],
    ['issued, percent: 50', 'placed, percent: 50', '尾款', '里程碑“placed”必须晚于上一项的“placed”'],
    [
      'governmentFeesAt: issued',
      'governmentFeesAt: work_started',
      'governmentFeesAt',
      '没有在里程碑“work_started”支付的一期',
    ],
    [
      'plans: [full, two_parts]',
      'plans: [full, three_parts]',
      'three_parts',
      'packages[0].plans[1]：没有付款方式“three_parts”',
    ],
    ['plans: [full, two_parts]', 'plans: [full, full]', '[full, full]', 'packages[0].plans[1]：付款方式“full”重复'],
    ['packages: [large]', 'packages: [larger]', 'larger', 'preCheck[1].packages[0]：没有套餐“larger”'],
    ['priceFen: 10001', 'priceFen: 1', 'priceFen: 1', '按付款方式“two_parts”分期后有一期不足 1 分'],
    [
      'placed, percent: 100 }\n    - { from: work',
      'placed, percent: 90 }\n    - { from: work',
      'percent: 90',
      '第一步必须是 from: placed, percent: 100',
    ],
    ['from: work_started', 'from: work', 'from: work,', 'refund.steps[1].from：没有里程碑“work”'],
    ['at: work_started', 'at: work', 'at: work,', 'delivery.at：没有里程碑“work”'],
    ['from: issued', 'from: work_started', 'percent: 0 }', '必须晚于上一项的“work_started”'],
    [
      'issued, percent: 0',
      'issued, percent: 41',
      'percent: 41',
      'refund.steps[2].percent：退款比例不能高于上一步的 40',
    ],
    // YAML
    ['position: 10', 'position: 10\nposition: 20', 'position: 20', '同一层中重复的键'],
    ['position: 10', 'position: 10\n\tonline: 1', '\tonline', '不能用制表符缩进'],
    ['position: 10', 'position: [10', 'onSale: true', 'YAML 语法错误'],
    ['position: 10', 'position: !!int 10', '!!int', '不支持标签“tag:yaml.org,2002:int”'],
    ['  - 第一段。', '  - &a 第一段。\n  - *a', '*a', '不支持引用'],
    ['    - 开工前全退。\n', '    - 开工前全退。\n---\ncode: more\n', '---', '一个文件只能写一个服务项目'],
  ];

  it.each(faults)('broken from %j to %j', (from, to, at, words) => {
    const text = exampleWith(from, to);
    const [start, ...following] = at.split('\n');
    const line =
      text.indexOf(at) >= 0 && following.length > 0
        ? text.slice(0, text.indexOf(at)).split('\n').length
        : lineOf(text, start!);
    expect(line).toBeGreaterThan(0);
    const found = faultsOf(text).filter((fault) => fault.includes(words));
    expect({ found: found.length, all: faultsOf(text) }).toMatchObject({ found: 1 });
    expect(found[0]).toMatch(new RegExp(`^${line}:\\d+ `));
  });

  it('points at the column too', () => {
    expect(faultsOf(exampleWith('amountFen: 500', 'amountFen: 0'))).toEqual([
      '33:22 packages[0].governmentFees[0].amountFen：不能少于 1',
    ]);
  });

  it('tells every fault at once, those of parts and those between parts, in the order of the lines', () => {
    const text = EXAMPLE.replace('name: 开店许可代办', 'name: 12')
      .replace('priceFen: 10001', 'priceFen: 1.5')
      .replace('issued, percent: 50', 'issued, percent: 40')
      .replace('packages: [large]', 'packages: [huge]')
      .replace('position: 10', 'position: 10\nposition: 11');
    expect(faultsOf(text).map((fault) => fault.replace(/:\d+ .*?(?=：|同)/, ' '))).toEqual([
      '3 ：应为文本（纯数字请加引号）',
      '9 同一层中重复的键',
      '23 ：各期比例之和必须为 100，现在是 90',
      '32 ：应为整数（金额以分为单位）',
      `${lineOf(text, '[huge]')} ：没有套餐“huge”`,
    ]);
  });

  it('says once that percents do not sum to 100, without what would follow from it', () => {
    const text = exampleWith('placed, percent: 50', 'placed, percent: 100').replace(
      '    governmentFeesAt: issued\n',
      '',
    );
    expect(faultsOf(text)).toEqual([
      expect.stringContaining('plans[1].instalments：各期比例之和必须为 100，现在是 150'),
    ]);
  });

  it('does not call a reference wrong because the part it names has a fault of its own', () => {
    const text = EXAMPLE.replace('priceFen: 99999', 'priceFen: many').replace('name: 分两期付款', 'name: ""');
    expect(faultsOf(text)).toEqual([
      expect.stringContaining('plans[1].name：请填写'),
      expect.stringContaining('packages[1].priceFen：应为数字'),
    ]);
  });

  it.each([
    ['', '应为一组键和值|这一项是空的'],
    ['just words', '应为一组键和值'],
    ['- a\n- b', '应为一组键和值'],
  ])('refuses %j, which is no service at all', (text, words) => {
    expect(faultsOf(text)).toEqual([expect.stringMatching(new RegExp(`^1:1 .*(${words})`))]);
  });

  it('refuses a bomb of aliases without unfolding it', () => {
    const levels = Array.from({ length: 30 }, (_, level) =>
      level === 0 ? 'a0: &a0 [x, x]' : `a${level}: &a${level} [*a${level - 1}, *a${level - 1}]`,
    );
    // Unfolded, it would be a billion values.
    expect(faultsOf(levels.join('\n'))).toHaveLength(58);
  });

  it('refuses more text than the database keeps', () => {
    const paragraph = `  - ${'很长的说明'.repeat(60)}\n`;
    const advice = '很长的建议'.repeat(60);
    const question = (code: string) =>
      `  - { code: ${code}, question: 问？, required: false, adviceIfNo: ${advice}, adviceIfUnknown: ${advice} }\n`;
    const text = exampleWith('  - 第一段。\n', paragraph.repeat(20)).replace(
      'refund:\n',
      `${Array.from({ length: 40 }, (_, at) => question(`q${at}`)).join('')}refund:\n`,
    );
    expect(faultsOf(text)).toEqual([expect.stringContaining('内容过长')]);
  });
});
