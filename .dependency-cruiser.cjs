/** Who may import whom. Features only go leftwards in this list, and only through the other's index. */
const FEATURES = [
  'identity',
  'staff',
  'catalogue',
  'messages',
  'tasks',
  'audiences',
  'campaigns',
  'orders',
  'ledger',
  'payments',
  'revenue',
  'refunds',
  'invoices',
  'shipping',
  'complaints',
  'cases',
  'licences',
  'verification',
  'reconciliation',
  'selfcheck',
  'reports',
];

const featurePattern = (names) => `^src/(${names.join('|')})/`;

/** identity, staff and catalogue stand side by side; from messages on each sees those to its left. */
const leftward = FEATURES.map((name, at) => {
  const forbidden = FEATURES.filter((other, otherAt) => other !== name && (otherAt > at || (at < 3 && otherAt < 3)));
  return {
    name: `${name}-looks-left-only`,
    severity: 'error',
    from: { path: `^src/${name}/` },
    to: { path: featurePattern(forbidden) },
  };
});

module.exports = {
  forbidden: [
    {
      name: 'contracts-import-nothing',
      severity: 'error',
      from: { path: '^src/contracts/' },
      to: { pathNot: '^src/contracts/' },
    },
    {
      name: 'config-imports-nothing-of-ours',
      severity: 'error',
      from: { path: '^config/' },
      to: { path: '^(src|entities|templates|simulator|miniprogram|test|scripts)/' },
    },
    {
      name: 'entities-import-entities-and-types-of-contracts',
      severity: 'error',
      from: { path: '^entities/' },
      to: { path: '^(src|config|templates|simulator|miniprogram|test|scripts)/', pathNot: '^src/contracts/' },
    },
    {
      name: 'templates-import-contracts',
      severity: 'error',
      from: { path: '^templates/' },
      to: { path: '^(src|config|entities|simulator|miniprogram|test|scripts)/', pathNot: '^src/contracts/' },
    },
    {
      name: 'platform-knows-no-business',
      severity: 'error',
      from: { path: '^src/platform/' },
      to: { path: '^(src|simulator|miniprogram|test|scripts|templates)/', pathNot: '^src/(platform|contracts)/' },
    },
    {
      name: 'features-know-no-entry',
      severity: 'error',
      from: { path: featurePattern(FEATURES) },
      to: { path: '^src/(commands/)?[a-z-]+\\.ts$' },
    },
    {
      name: 'features-through-their-index',
      severity: 'error',
      from: { path: '^src/([a-z]+)/', pathNot: '^src/(platform|contracts|commands)/' },
      to: { path: featurePattern(FEATURES), pathNot: ['^src/$1/', '^src/[a-z]+/index\\.ts$'] },
    },
    {
      name: 'entries-through-the-index-of-features',
      severity: 'error',
      from: { path: '^src/(commands/)?[a-z-]+\\.ts$' },
      to: { path: featurePattern(FEATURES), pathNot: '^src/[a-z]+/index\\.ts$' },
    },
    ...leftward,
    {
      name: 'phone-imports-contracts-only',
      severity: 'error',
      from: { path: '^miniprogram/src/' },
      to: { path: '^(src|config|entities|templates|simulator|test|scripts)/', pathNot: '^src/contracts/' },
    },
    {
      name: 'simulator-imports-nothing-of-ours',
      severity: 'error',
      from: { path: '^simulator/' },
      to: { path: '^(src|config|entities|templates|miniprogram|test|scripts)/' },
    },
    { name: 'nothing-imports-tests', severity: 'error', from: { pathNot: '^test/' }, to: { path: '^test/' } },
    { name: 'no-stranger', severity: 'error', from: {}, to: { couldNotResolve: true, pathNot: '\\.(scss|css)$' } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: ['^dist/', '^miniprogram/dist/', '^coverage/'] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.h5.ts', '.weapp.ts', '.h5.tsx', '.weapp.tsx', '.mts', '.js', '.mjs', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
