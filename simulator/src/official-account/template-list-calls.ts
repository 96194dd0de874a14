import { randomBytes } from 'node:crypto';
import { mountCall } from '../platform/platform-call.ts';
import * as refuse from '../platform/refusals.ts';
import { templateOf } from '../platform/sending.ts';
import { exampleOf, type Template } from '../platform/template-fields.ts';
import { textOf } from '../platform/token-routes.ts';
import type { SimulatorRouter } from '../routing.ts';
import type { World } from '../world.ts';
import { assertRight } from './rights.ts';

const token = 'official-account' as const;
const MOST_TEMPLATES = 25;
const LONGEST_KEYWORD = 10;
const OK = { errcode: 0, errmsg: 'ok' };

/** Which kind a keyword of the library has is not published; a guess by its words is enough for tests. */
const KIND_OF_KEYWORD: readonly (readonly [RegExp, string])[] = [
  [/时间/, 'time'],
  [/日期/, 'date'],
  [/金额|费用|价格/, 'amount'],
  [/电话|手机/, 'phone_number'],
  [/编号|单号/, 'character_string'],
  [/姓名|联系人/, 'name'],
  [/状态|结果/, 'phrase'],
];

/** The account's own templates (official documentation, template messages). */
export function mountTemplateListCalls(router: SimulatorRouter, world: World): void {
  mountCall(router, world, { path: '/cgi-bin/template/get_all_private_template', method: 'GET', token }, ({ app }) => {
    assertRight(world, 'template-list');
    return { template_list: app.templates.map(present) };
  });

  mountCall(router, world, { path: '/cgi-bin/template/api_add_template', method: 'POST', token }, ({ app, body }) => {
    assertRight(world, 'template-list');
    const shortId = textOf(body.template_id_short);
    const names: unknown = body.keyword_name_list ?? [];
    if (!/^(TM|OPENTM)?\d+$/.test(shortId)) throw refuse.wrongTemplateId();
    if (!isKeywordList(names)) throw refuse.templateKeywords();
    if (app.templates.length >= MOST_TEMPLATES) throw refuse.tooManyTemplates();
    const template = newTemplate(shortId, names);
    app.templates.push(template);
    return { ...OK, template_id: template.templateId };
  });

  mountCall(
    router,
    world,
    { path: '/cgi-bin/template/del_private_template', method: 'POST', token },
    ({ app, body }) => {
      assertRight(world, 'template-list');
      const gone = templateOf(app, body.template_id);
      app.templates = app.templates.filter((template) => template !== gone);
      return OK;
    },
  );
}

const isKeywordList = (names: unknown): names is string[] =>
  Array.isArray(names) &&
  names.length > 0 &&
  names.every((name) => typeof name === 'string' && name !== '' && name.length <= LONGEST_KEYWORD);

const present = (template: Template) => ({
  template_id: template.templateId,
  title: template.title,
  primary_industry: '',
  deputy_industry: '',
  content: template.content,
  example: exampleOf(template),
});

function newTemplate(shortId: string, names: string[]): Template {
  const lines = names.map((name, index) => {
    const kind = KIND_OF_KEYWORD.find(([words]) => words.test(name))?.[1] ?? 'thing';
    return `${name}：{{${kind}${index + 1}.DATA}}`;
  });
  return {
    templateId: randomBytes(32).toString('base64url'),
    title: `模板${shortId}`,
    content: lines.join('\n'),
  };
}
