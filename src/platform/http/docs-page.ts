import { errorWords } from '../../contracts/errors.ts';

interface Operation {
  summary?: string;
  tags?: string[];
  parameters?: { name: string; in: string; required?: boolean; schema?: unknown; description?: string }[];
  requestBody?: { content: Record<string, { schema: unknown }> };
  responses: Record<string, { description: string; content?: Record<string, { schema: unknown }> }>;
}

interface Document {
  info: { title: string; version: string; description?: string };
  paths?: Record<string, Record<string, Operation>>;
}

const escape = (text: string) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
/** Text with `code` in it. */
const prose = (text: string) => escape(text).replace(/`([^`]+)`/g, '<code>$1</code>');
const pre = (value: unknown) => `<pre>${escape(JSON.stringify(value, null, 2))}</pre>`;

/** The OpenAPI document as one page that can be read without a script. */
export function docsPage(document: Document): string {
  const operations = Object.entries(document.paths ?? {}).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      id: `${method}-${path}`,
      method: method.toUpperCase(),
      path,
      operation,
    })),
  );
  const tags = [...new Set(operations.map(({ operation }) => operation.tags?.[0] ?? ''))];
  const contents = tags.map((tag) => {
    const own = operations.filter(({ operation }) => (operation.tags?.[0] ?? '') === tag);
    const lines = own.map(
      ({ id, method, path, operation }) =>
        `<li><a href="#${encodeURIComponent(id)}"><b>${method}</b> ${escape(path)}</a> ${prose(operation.summary ?? '')}</li>`,
    );
    return `<h3>${escape(tag)}</h3><ul>${lines.join('')}</ul>`;
  });
  const sections = operations.map(({ id, method, path, operation }) => section(id, method, path, operation));
  const errors = Object.entries(errorWords).map(
    ([code, { zh, en }]) => `<tr><td><code>${code}</code></td><td>${escape(zh)}</td><td>${escape(en)}</td></tr>`,
  );
  return `<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${escape(document.info.title)} API</title><link rel="icon" href="data:,"><style>${STYLE}</style></head><body>
<h1>${escape(document.info.title)} API <small>${escape(document.info.version)}</small></h1><p>${prose(document.info.description ?? '')} <a href="/openapi.json">openapi.json</a></p>
<nav>${contents.join('')}<h3><a href="#errors">错误代码 · Errors</a></h3></nav>${sections.join('')}
<h2 id="errors">错误代码 · Errors</h2><table><tr><th>code</th><th>中文</th><th>English</th></tr>${errors.join('')}</table></body></html>`;
}

function section(
  id: string,
  method: string,
  path: string,
  { summary, tags, parameters, requestBody, responses }: Operation,
): string {
  const rows = (parameters ?? []).map(
    ({ name, in: place, required, schema, description }) =>
      `<tr><td><code>${escape(name)}</code></td><td>${place}${required ? ' *' : ''}</td><td>${escape(description ?? '')} <code>${escape(JSON.stringify(schema ?? {}))}</code></td></tr>`,
  );
  const body = requestBody ? `<h3>Body</h3>${pre(Object.values(requestBody.content)[0]?.schema)}` : '';
  const answers = Object.entries(responses).map(([status, { description, content }]) => {
    const schema = status === 'default' ? undefined : Object.values(content ?? {})[0]?.schema;
    const words = description.split('\n\n').map((line) => `<li>${prose(line)}</li>`);
    return status === 'default'
      ? `<h3>Refusals</h3><ul>${words.join('')}</ul>`
      : `<h3>${status}</h3>${schema ? pre(schema) : ''}`;
  });
  return `<section id="${escape(id)}"><h2><b>${method}</b> ${escape(path)}</h2><p>${prose(summary ?? '')} <i>${escape((tags ?? []).join(', '))}</i></p>
${rows.length > 0 ? `<table>${rows.join('')}</table>` : ''}${body}${answers.join('')}</section>`;
}

const STYLE = `body{font:15px/1.6 system-ui,"Noto Sans CJK SC",sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1f2a37}
h1 small{font-weight:400;color:#6b7280;font-size:1rem}section{border-top:1px solid #e5e7eb;margin-top:2rem}h2 b{color:#0b7a4b}
pre{background:#f6f8fa;padding:.75rem;overflow:auto;font-size:13px;max-height:24rem}table{border-collapse:collapse;width:100%}
td,th{border:1px solid #e5e7eb;padding:.25rem .5rem;text-align:left;vertical-align:top;overflow-wrap:anywhere}td:first-child code{white-space:nowrap}nav h3{margin:1rem 0 .25rem;font-size:1rem}nav ul{padding-left:1rem;margin:0}nav li{list-style:none}`;
