import { isFieldAcceptable } from '../../simulator/src/platform/field-kinds.ts';
import { findFieldFault, renderRows, type Template } from '../../simulator/src/platform/template-fields.ts';

/** Kind → what WeChat takes, what it refuses. */
const KINDS: Record<string, [good: string[], bad: string[]]> = {
  thing1: [
    ['小程序认证', 'a'.repeat(20), '汉'.repeat(20), '😀'.repeat(20)],
    ['汉'.repeat(21), 'a'.repeat(21), '一行\n两行', '有\t制表'],
  ],
  number2: [
    ['0', '12.50', '9'.repeat(32)],
    ['-1', '1,000', '十', '9'.repeat(33), '1.2.3'],
  ],
  letter3: [
    ['abcXYZ', 'a'.repeat(32)],
    ['abc1', 'a'.repeat(33), '汉'],
  ],
  symbol4: [
    ['!@#', '￥'],
    ['!!!!!!', 'a', '1'],
  ],
  character_string5: [
    ['TB-2026/01#9', '9'.repeat(32)],
    ['订单9', '9'.repeat(33)],
  ],
  time6: [
    ['15:01', '2019年10月1日 15:01', '2026-06-15 09:30:00', '09:00~18:00'],
    ['25:00', '2019年10月1日', '2019年13月1日 15:01', '下午三点', '9:00~10:00~11:00'],
  ],
  date7: [
    ['2019年10月1日', '2026-06-15', '2026/06/15 09:30', '2026年6月15日~2026年6月20日'],
    ['2026-13-01', '2026-06/15', '15:01', '六月十五'],
  ],
  amount8: [
    ['100', '￥199.00', '¥199', '199.00元', '12345678.90'],
    ['1,000', '￥￥1', '12345678901', '199块', '-1'],
  ],
  phone_number9: [
    ['13800000001', '+86-0755-66888866'],
    ['1'.repeat(18), '电话123', '138 0000'],
  ],
  car_number10: [
    ['粤A8Z888挂', '粤B12345'],
    ['粤A8Z8888挂', '粤汉A1234'],
  ],
  name11: [
    ['欧阳慕容雪', 'Lin Xiao', '阿凡提·买买提'],
    ['一二三四五六七八九十甲', 'a'.repeat(21), '张三2'],
  ],
  phrase12: [
    ['已完成', '等待补正中'],
    ['已完成了吧啊', 'done', '完成!'],
  ],
};

describe('kinds of template fields', () => {
  it.each(Object.entries(KINDS))('%s', (key, [good, bad]) => {
    expect(good.filter((value) => !isFieldAcceptable(key, value))).toEqual([]);
    expect(bad.filter((value) => isFieldAcceptable(key, value))).toEqual([]);
  });

  it('takes no empty value of any kind', () => {
    for (const key of [...Object.keys(KINDS), 'const1', 'keyword1']) {
      expect([key, isFieldAcceptable(key, ''), isFieldAcceptable(key, ' ')]).toEqual([key, false, false]);
    }
  });

  it('takes only the listed values of an enumeration', () => {
    expect(isFieldAcceptable('enum_string1', '已通过', ['已通过', '未通过'])).toBe(true);
    expect(isFieldAcceptable('enum_string1', '通过', ['已通过', '未通过'])).toBe(false);
  });
});

describe('a message against its template', () => {
  const template: Template = {
    templateId: 't',
    title: '办理进度通知',
    content: '{{first.DATA}}\n服务：{{thing1.DATA}}\n结果：{{enum_string2.DATA}}\n{{remark.DATA}}',
    enumValues: { enum_string2: ['已通过', '未通过'] },
  };
  const good = { thing1: { value: '营业执照年报' }, enum_string2: { value: '已通过' } };

  it('is in order when its keys are the template’s, and first and remark do no harm', () => {
    expect(findFieldFault(template, good)).toBeNull();
    expect(findFieldFault(template, { ...good, first: { value: '' }, remark: { value: '谢谢' } })).toBeNull();
  });

  it('names what is missing, what is too much and what is empty', () => {
    expect(findFieldFault(template, { thing1: good.thing1 })).toEqual({
      field: 'data.enum_string2.value',
      isEmpty: false,
    });
    expect(findFieldFault(template, { ...good, thing9: { value: 'x' } })).toEqual({
      field: 'data.thing9',
      isEmpty: false,
    });
    expect(findFieldFault(template, { ...good, thing1: { value: '' } })).toEqual({
      field: 'data.thing1.value',
      isEmpty: true,
    });
    expect(findFieldFault(template, { ...good, thing1: { value: 7 } })).toEqual({
      field: 'data.thing1.value',
      isEmpty: false,
    });
    expect(findFieldFault(template, { ...good, thing1: null })).toEqual({ field: 'data.thing1.value', isEmpty: false });
    expect(findFieldFault(template, undefined)).toEqual({ field: 'data', isEmpty: false });
  });

  it('shows the person the rows without first and remark', () => {
    expect(renderRows(template, { ...good, first: { value: '您好' } })).toEqual([
      { label: '服务', value: '营业执照年报' },
      { label: '结果', value: '已通过' },
    ]);
  });
});
