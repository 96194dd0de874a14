import type { PackageView, PaymentPlanView, ServiceSummaryView, ServiceView } from '../contracts/app.ts';
import { type PackageDefinition, questionsFor, type ServiceDefinition } from './definition.ts';
import type { Service } from './find-service.ts';
import { type PriceInstalment, priceOf, totalOf } from './price.ts';

const packagesOnSale = (definition: ServiceDefinition): PackageDefinition[] =>
  definition.packages.filter(({ onSale }) => onSale);

export function presentServiceSummary({ definition }: Service): ServiceSummaryView {
  const prices = packagesOnSale(definition).map(({ priceFen }) => priceFen);
  return {
    code: definition.code,
    name: definition.name,
    summary: definition.summary,
    fromFen: prices.length > 0 ? Math.min(...prices) : null,
    category: definition.category,
  };
}

export function presentService({ version, definition }: Service): ServiceView {
  const packages = packagesOnSale(definition);
  const asked = new Set(packages.flatMap(({ code }) => questionsFor(definition, code)));
  return {
    code: definition.code,
    version,
    name: definition.name,
    category: definition.category,
    summary: definition.summary,
    description: definition.description,
    packages: packages.map((bought) => presentPackage(definition, bought)),
    preCheck: definition.preCheck
      .filter((question) => asked.has(question))
      .map(({ code, question, hint, required, packages: asksFor }) => ({
        code,
        question,
        hint,
        required,
        packages: asksFor ?? null,
      })),
    refundRule: definition.refund.sentences,
  };
}

const presentPackage = (definition: ServiceDefinition, bought: PackageDefinition): PackageView => ({
  code: bought.code,
  name: bought.name,
  summary: bought.summary,
  includes: bought.includes,
  priceFen: bought.priceFen,
  governmentFees: bought.governmentFees,
  totalFen: bought.priceFen + totalOf(bought.governmentFees),
  plans: bought.plans.map((planCode) => presentPlan(definition, bought.code, planCode)),
  needsProvince: bought.needsProvince,
});

function presentPlan(definition: ServiceDefinition, packageCode: string, planCode: string): PaymentPlanView {
  const { name } = definition.plans.find(({ code }) => code === planCode)!;
  const { instalments } = priceOf(definition, packageCode, planCode);
  return { code: planCode, name, instalments: instalments.map(presentInstalment) };
}

const presentInstalment = ({ name, milestone, milestoneName, amountFen }: PriceInstalment) => ({
  name,
  milestone,
  milestoneName,
  amountFen,
});
