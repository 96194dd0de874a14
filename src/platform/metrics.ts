import { collectDefaultMetrics, Counter, Histogram, Registry } from 'prom-client';

/** What is counted; one registry a world, so that two worlds in one process do not mix. */
export interface Metrics {
  readonly registry: Registry;
  readonly requestSeconds: Histogram<'route' | 'method' | 'status'>;
  readonly jobs: Counter<'kind' | 'outcome'>;
}

export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return {
    registry,
    requestSeconds: new Histogram({
      name: 'http_request_seconds',
      help: 'Requests by route pattern',
      labelNames: ['route', 'method', 'status'],
      // 5 s is what WeChat waits for an answer to a notice.
      buckets: [0.005, 0.02, 0.05, 0.1, 0.3, 1, 3, 5, 10],
      registers: [registry],
    }),
    jobs: new Counter({
      name: 'jobs_total',
      help: 'Jobs by kind and outcome',
      labelNames: ['kind', 'outcome'],
      registers: [registry],
    }),
  };
}
