import type { ServiceDefinition } from '../../src/catalogue/definition.ts';
import { readServiceFile } from '../../src/catalogue/service-file.ts';

export const EXAMPLE_FILE = 'shop-permit.yaml';

/** A right service file with one of everything; tests break one line of it at a time. */
export const EXAMPLE = `# 金额单位为分
code: shop-permit
name: 开店许可代办
category: 示例
summary: 一句话说明。
description:
  - 第一段。
position: 10
onSale: true
milestones:
  - { code: placed, name: 下单 }
  - { code: work_started, name: 开工 }
  - { code: issued, name: 发证 }
plans:
  - code: full
    name: 一次付清
    instalments:
      - { name: 全款, milestone: placed, percent: 100 }
  - code: two_parts
    name: 分两期付款
    governmentFeesAt: issued
    instalments:
      - { name: 首期款, milestone: placed, percent: 50 }
      - { name: 尾款, milestone: issued, percent: 50 }
packages:
  - code: small
    name: 小店
    summary: 一间门面。
    includes:
      - 材料
    priceFen: 10001
    governmentFees:
      - { name: 工本费, amountFen: 500 }
    plans: [full, two_parts]
    needsProvince: true
    onSale: true
  - code: large
    name: 商场
    summary: 一栋楼。
    includes: [材料, 图纸]
    priceFen: 99999
    plans: [full]
    needsProvince: false
    onSale: true
preCheck:
  - code: has_company
    question: 有公司吗？
    hint: 看营业执照。
    required: true
    adviceIfNo: 请先设立公司。
    adviceIfUnknown: 请看营业执照。
  - code: has_drawings
    question: 有图纸吗？
    required: false
    packages: [large]
    adviceIfNo: 请先画图。
    adviceIfUnknown: 请问设计师。
refund:
  steps:
    - { from: placed, percent: 100 }
    - { from: work_started, percent: 40 }
    - { from: issued, percent: 0 }
  sentences:
    - 开工前全退。
delivery: { at: work_started, kind: virtual }
`;

/** The example with one piece of its text exchanged. */
export function exampleWith(from: string, to: string): string {
  if (EXAMPLE.split(from).length !== 2) throw new Error(`not exactly once in the example: ${from}`);
  return EXAMPLE.replace(from, () => to);
}

export function definitionOf(text: string, file = EXAMPLE_FILE): ServiceDefinition {
  const { definition, faults } = readServiceFile(file, text);
  if (!definition) throw new Error(JSON.stringify(faults));
  return definition;
}

const example = definitionOf(EXAMPLE);

/** The example's definition, with some of its parts exchanged. */
export const buildDefinition = (changes: Partial<ServiceDefinition> = {}): ServiceDefinition => ({
  ...structuredClone(example),
  ...changes,
});
