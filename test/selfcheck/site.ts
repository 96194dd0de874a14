import type { Config } from '../../config/index.ts';
import { runSelfcheck, type Report, type Site } from '../../src/selfcheck/index.ts';
import type { Finding, Rule } from '../../src/selfcheck/rule.ts';
import { lookAt } from '../../src/selfcheck/rule.ts';
import type { TestWorld } from '../support/world.ts';

/** The installation of a test, as the command would look at it. */
export const siteOf = ({ world, config, origin }: TestWorld, change: Partial<Site> = {}): Site => ({
  config,
  desk: world.desk,
  database: world.database,
  server: origin,
  version: 'test',
  ...change,
});

export const check = (site: Site): Promise<Report> => runSelfcheck(site, '财务 测试');

/** Results by rule. */
export const resultsOf = ({ findings }: Report): Record<string, string> =>
  Object.fromEntries(findings.map(({ id, result }) => [id, result]));

export const failuresOf = ({ findings }: Report): string[] =>
  findings.filter(({ result }) => result === 'failed').map(({ id, evidence }) => `${id}: ${evidence}`);

/** What one rule of these finds. */
export async function find(rules: readonly Rule[], id: string): Promise<Finding> {
  const { result, evidence } = await lookAt(rules.find((rule) => rule.id === id)!);
  return { result, evidence };
}

export const withConfig = (site: Site, config: Partial<Config>): Site => ({
  ...site,
  config: { ...site.config, ...config },
});
