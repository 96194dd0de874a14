import { type Sheet, type SpreadsheetKind, spreadsheetKinds, writeSpreadsheet } from '../files/spreadsheet.ts';
import type { Context } from './routes.ts';

/** Answers with a table as a file, named after its sheet. */
export function sendSheet(ctx: Context, format: SpreadsheetKind, sheet: Sheet): void {
  ctx.attachment(`${sheet.name}.${format}`);
  ctx.type = spreadsheetKinds[format];
  ctx.body = writeSpreadsheet(format, sheet);
}
