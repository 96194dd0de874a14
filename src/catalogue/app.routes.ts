import type { Page, ServiceSummaryView } from '../contracts/app.ts';
import { accept } from '../platform/http/accept.ts';
import { newRoutes } from '../platform/http/routes.ts';
import { findServicesOnSale, getServiceOnSale } from './find-service.ts';
import { checkAnswers } from './pre-check.ts';
import { presentService, presentServiceSummary } from './presenter.ts';
import { byCode, preCheckBody, preCheckView, serviceSummaryView, serviceView } from './schema.ts';

/** What can be bought; open to everyone, signed in or not. */
export const catalogueRoutes = newRoutes();

catalogueRoutes.get(
  '/services',
  accept(
    {
      summary: 'The services that are sold, in their order.',
      answers: { status: 200, data: serviceSummaryView, isPage: true },
    },
    async (ctx) => {
      const services = await findServicesOnSale(ctx.state.desk);
      ctx.body = { data: services.map(presentServiceSummary), next: null } satisfies Page<ServiceSummaryView>;
    },
  ),
);

catalogueRoutes.get(
  '/services/:code',
  accept(
    {
      summary: 'One service: packages, prices, payment plans, pre-check questions, refund rule.',
      params: byCode,
      answers: { status: 200, data: serviceView },
      refuses: ['catalogue.service_not_found'],
    },
    async (ctx, { params }) => {
      ctx.body = { data: presentService(await getServiceOnSale(ctx.state.desk, params.code)) };
    },
  ),
);

catalogueRoutes.post(
  '/services/:code/pre-checks',
  accept(
    {
      summary: 'Judges the answers of a pre-check; keeps nothing.',
      params: byCode,
      body: preCheckBody,
      answers: { status: 200, data: preCheckView },
      refuses: ['catalogue.service_not_found', 'catalogue.package_not_on_sale'],
    },
    async (ctx, { params, body }) => {
      const { definition } = await getServiceOnSale(ctx.state.desk, params.code);
      ctx.body = { data: checkAnswers(definition, body.packageCode, body.answers) };
    },
  ),
);
