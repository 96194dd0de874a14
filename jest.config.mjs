const shared = {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2022',
          keepClassNames: true,
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: false, useDefineForClassFields: true },
        },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
};

/** Folders whose tests ask the database something: they run on both. */
const ON_BOTH = [
  'audiences',
  'campaigns',
  'catalogue',
  'complaints',
  'identity',
  'invoices',
  'journeys',
  'messages',
  'orders',
  'ledger',
  'payments',
  'reconciliation',
  'refunds',
  'selfcheck',
  'reports',
  'revenue',
  'shipping',
  'staff',
  'tasks',
  'verification',
  'platform/audit',
  'platform/database',
  'platform/http',
  'platform/jobs',
  'platform/official-account',
  'platform/mini-program',
  'platform/open-platform',
  'platform/wechat-api',
];

/** Folders of what jobs do: they run once more with Redis in between. */
const WITH_REDIS = ['campaigns', 'messages', 'tasks', 'payments', 'platform/jobs'];

export default {
  // What tests load is never given back: a worker that has grown collects garbage for seconds, and leases end meanwhile.
  workerIdleMemoryLimit: '800MB',
  projects: [
    {
      ...shared,
      displayName: 'sqlite',
      testMatch: ['<rootDir>/test/**/*.test.ts'],
      // Several servers on one database are a matter of MariaDB alone.
      testPathIgnorePatterns: ['/node_modules/', '\\.(mariadb|redis)\\.test\\.ts$'],
      setupFiles: ['reflect-metadata', '<rootDir>/test/support/only-embedded.ts'],
    },
    {
      ...shared,
      displayName: 'mariadb',
      testMatch: ON_BOTH.map((folder) => `<rootDir>/test/${folder}/**/*.test.ts`),
      // Losing Redis is a matter of Redis.
      testPathIgnorePatterns: ['/node_modules/', '\\.redis\\.test\\.ts$'],
      setupFiles: ['reflect-metadata', '<rootDir>/test/support/only-mariadb.ts'],
    },
    {
      ...shared,
      displayName: 'redis',
      testMatch: [
        ...WITH_REDIS.map((folder) => `<rootDir>/test/${folder}/**/*.test.ts`),
        '<rootDir>/test/journeys/campaign.test.ts',
        '<rootDir>/test/journeys/*.redis.test.ts',
      ],
      setupFiles: ['reflect-metadata', '<rootDir>/test/support/with-redis.ts'],
    },
  ],
};
