import { shanghaiDay } from '../../src/platform/calendar.ts';
import type { StaffClient } from './staff.ts';
import type { TestWorld } from './world.ts';

/** As small as a PDF can be. */
export const PDF = Buffer.from('%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n');

/** Finance puts the file and writes down the number. */
export async function issueFor(world: TestWorld, finance: StaffClient, id: string, number: string): Promise<void> {
  const put = await fetch(`${world.origin}/staff/invoices/${id}/file`, {
    method: 'PUT',
    headers: { 'content-type': 'application/pdf', authorization: `Bearer ${finance.token}` },
    body: PDF,
  });
  if (!put.ok) throw new Error(`${put.status} ${await put.text()}`);
  await finance.data('POST', `/staff/invoices/${id}/issue`, { number, issuedDay: todayIn(world) });
}

export const todayIn = ({ clock }: TestWorld): string => shanghaiDay(clock.now());
