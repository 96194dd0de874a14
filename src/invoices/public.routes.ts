import { PDF } from '../platform/files/pdf.ts';
import { accept } from '../platform/http/accept.ts';
import { newRoutes } from '../platform/http/routes.ts';
import { sendFile } from '../platform/http/send-file.ts';
import { openLink } from './file-link.ts';
import { fileNameOf, getIssuedFile } from './files.ts';
import { byId, linkQuery } from './schema.ts';

/** What needs no session: the signature of the address is the login. */
export const publicInvoiceRoutes = newRoutes();

publicInvoiceRoutes.get(
  '/invoice-files/:id',
  accept(
    {
      summary: 'The PDF of an issued invoice, by an address of POST /app/invoices/:id/file-link',
      params: byId,
      query: linkQuery,
      answers: { status: 200, contentType: PDF },
      refuses: ['invoice.link_invalid'],
    },
    async (ctx, { params, query }) => {
      const { desk } = ctx.state;
      const invoice = await openLink(desk, { ...params, ...query });
      sendFile(ctx, desk, await getIssuedFile(desk, invoice), fileNameOf(invoice));
    },
  ),
);
