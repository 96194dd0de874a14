import type { AudienceList } from '../../entities/audience-list.ts';
import type { MessageTemplate } from '../../templates/messages/index.ts';
import type { Sheet } from '../platform/files/spreadsheet.ts';
import type { Work } from '../platform/work.ts';
import { titlesFor } from './columns.ts';
import { listFaults } from './lists.ts';

const AT_ONCE = 1000;

/** An empty list to fill in. */
export const sampleList = (template: MessageTemplate): Sheet => ({
  name: `${template.title}名单`,
  columns: titlesFor(template).map((title) => ({ title, width: 22 })),
  rows: nothing(),
});

// oxlint-disable-next-line require-yield -- there are no rows
async function* nothing(): AsyncGenerator<string[]> {}

/** Every row that was not kept, and why. */
export const exportFaults = (work: Work, list: AudienceList): Sheet => ({
  name: '未导入的行',
  columns: [
    { title: '行号', width: 8 },
    { title: '原因', width: 80 },
  ],
  rows: faultRows(work, list),
});

async function* faultRows(work: Work, { id }: AudienceList) {
  for (let after = 0; ;) {
    const faults = (await listFaults(work, id, { after, limit: AT_ONCE })).slice(0, AT_ONCE);
    for (const { line, words } of faults) yield [line, words];
    if (faults.length < AT_ONCE) return;
    after = faults.at(-1)!.line;
  }
}
