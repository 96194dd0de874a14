import {
  emptyTitle,
  faultsOfTitle,
  faultWhileTyping,
  formOfTitle,
  isFitForSpecial,
  wishOfTitle,
} from '../../miniprogram/src/invoice-title-form.ts';

const company = { ...emptyTitle, name: ' 福州同办信息咨询有限公司 ', taxNumber: '91350100 m000100y43' };
const whole = {
  ...company,
  address: '福州市鼓楼区测试路 1 号',
  phone: '0591-87654321',
  bankName: '测试银行福州分行',
  bankAccount: '5919 0001-2345 678',
};

describe('a tax number, while it is typed', () => {
  it.each<[string, string | undefined]>([
    ['', undefined],
    ['91350100M0', undefined],
    ['350100123456789', undefined],
    ['91350100M000100Y', '识别号一般为 18 位，现在是 16 位'],
    ['91350100m000100y43', undefined],
    ['9135 0100 M000 100Y 43', undefined],
    ['91350100M000100Y44', '统一社会信用代码有误，请对照营业执照检查'],
    ['91350100M000100Y433', '识别号一般为 18 位，现在是 19 位'],
    ['35010012345678900000', undefined],
    ['350100123456789000001', '识别号一般为 18 位，现在是 21 位'],
    ['91350100-', '只能包含数字和字母'],
  ])('%s: %s', (typed, fault) => expect(faultWhileTyping(typed)).toBe(fault));
});

describe('a title', () => {
  it('is asked for tidily, with nothing where nothing was typed', () => {
    expect(wishOfTitle(company)).toEqual({
      kind: 'company',
      name: '福州同办信息咨询有限公司',
      taxNumber: '91350100M000100Y43',
      address: null,
      phone: null,
      bankName: null,
      bankAccount: null,
      isDefault: false,
    });
    expect(wishOfTitle(whole)).toMatchObject({ bankAccount: '591900012345678', phone: '0591-87654321' });
  });

  it('of a person has a name only, whatever was typed before', () => {
    expect(wishOfTitle({ ...whole, kind: 'personal', name: '林一' })).toMatchObject({
      kind: 'personal',
      name: '林一',
      taxNumber: null,
      bankAccount: null,
    });
    expect(faultsOfTitle({ ...emptyTitle, kind: 'personal' }, false)).toMatchObject([{ field: 'name' }]);
  });

  it('stands in the fields as it was kept, and goes back unchanged', () => {
    const kept = { ...wishOfTitle(whole), id: 'one', isDefault: true };
    const view = {
      id: 'one',
      kind: kept.kind,
      name: kept.name,
      taxNumber: kept.taxNumber ?? null,
      address: kept.address ?? null,
      phone: kept.phone ?? null,
      bankName: kept.bankName ?? null,
      bankAccount: kept.bankAccount ?? null,
      isDefault: true,
    };
    const { id: _, ...wish } = view;
    expect(wishOfTitle(formOfTitle(view))).toEqual(wish);
    expect(isFitForSpecial(view)).toBe(true);
    expect(isFitForSpecial({ ...view, bankName: null })).toBe(false);
    expect(isFitForSpecial({ ...view, kind: 'personal' })).toBe(false);
  });

  it('is refused on the phone where it is plainly wrong; special VAT needs all of it', () => {
    const fields = (form: typeof emptyTitle, forSpecial = false) =>
      faultsOfTitle(form, forSpecial).map(({ field }) => field);
    expect(fields(emptyTitle)).toEqual(['name', 'taxNumber']);
    expect(fields({ ...company, taxNumber: '91350100M000' })).toEqual(['taxNumber']);
    expect(fields(company)).toEqual([]);
    expect(fields(company, true)).toEqual(['address', 'phone', 'bankName', 'bankAccount']);
    expect(fields(whole, true)).toEqual([]);
    expect(fields({ ...whole, phone: '87654321', bankAccount: '一二三' })).toEqual(['phone', 'bankAccount']);
  });
});
