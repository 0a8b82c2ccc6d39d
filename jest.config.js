/** Two projects: `unit` (everything beside its code) and `e2e` (the whole, with real processes and a browser). */
const common = {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  transform: {
    '^.+\\.tsx?$': [
      '@swc/jest',
      {
        jsc: { parser: { syntax: 'typescript', tsx: true }, target: 'es2024', transform: { react: { runtime: 'automatic' } } },
        module: { type: 'es6' },
      },
    ],
  },
  modulePathIgnorePatterns: ['<rootDir>/.runtime/', '<rootDir>/data', '<rootDir>/admin-ui/dist/'],
};

export default {
  // A test that hangs is to fail; how quick the machine is, is nobody's promise.
  testTimeout: 60_000,
  projects: [
    { ...common, displayName: 'unit', testMatch: ['<rootDir>/**/*.test.ts', '<rootDir>/**/*.test.tsx'] },
    { ...common, displayName: 'e2e', testMatch: ['<rootDir>/**/*.e2e.ts'] },
  ],
};
