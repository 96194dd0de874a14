import { factColumns, messageTemplates, type MessageTemplate } from '../../templates/messages/index.ts';

const templates = Object.values(messageTemplates) as unknown as MessageTemplate[];
const column = (message: keyof typeof messageTemplates, fact: string) =>
  factColumns(messageTemplates[message] as unknown as MessageTemplate).find((each) => each.fact === fact)!;

it.each(templates.map((template) => [template.name, template] as const))(
  'the columns of %s are called as its card calls them, each by a name of its own',
  (_name, template) => {
    const columns = factColumns(template);
    const titles = columns.map(({ title }) => title);
    expect(new Set(titles).size).toBe(titles.length);
    const labels = Object.values(template.fields).map(([label]) => label);
    for (const label of labels) expect(titles.some((title) => title.startsWith(label))).toBe(true);
  },
);

it.each([
  ['order-paid', 'amountFen', '199', 19_900],
  ['order-paid', 'amountFen', '¥1,299.5', 129_950],
  ['order-paid', 'amountFen', '0.07', 7],
  ['order-paid', 'amountFen', '1299.999', '1299.999'],
  ['order-paid', 'amountFen', '-5', '-5'],
  ['order-paid', 'amountFen', '1,29', '1,29'],
  ['order-paid', 'paidAt', '2026/1/2 8:05', '2026-01-02T00:05:00.000Z'],
  ['order-paid', 'paidAt', '2026-01-02 00:00:30', '2026-01-01T16:00:30.000Z'],
  ['order-paid', 'paidAt', '2026-06-31 10:00', '2026-06-31 10:00'],
  ['order-paid', 'paidAt', '2026-06-30 25:00', '2026-06-30 25:00'],
  ['invoice-issued', 'issuedDay', '2026/1/2', '2026-01-02'],
  ['invoice-issued', 'issuedDay', '2026-01-02 00:00:00', '2026-01-02'],
  ['invoice-issued', 'issuedDay', '昨天', '昨天'],
] as const)('%s: %s is read from %s', (message, fact, text, value) => {
  expect(column(message, fact).read(text)).toBe(value);
});
