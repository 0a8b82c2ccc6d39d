/** The arrows between folders (docs/architecture.md): they run one way. */
const forbid = (from, to, comment) => ({
  name: `${from}-not-to-${to.join('-')}`,
  severity: 'error',
  comment,
  from: { path: `^${from}/`, pathNot: '\\.(test|e2e)\\.tsx?$' },
  to: { path: `^(${to.join('|')})/` },
});

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', comment: 'A circle has no direction.', from: {}, to: { circular: true } },
    forbid('config', ['protocol', 'catalog', 'sync', 'server', 'admin-ui', 'scripts'], 'config imports nothing of ours'),
    forbid('protocol', ['config', 'catalog', 'sync', 'server', 'admin-ui', 'scripts'], 'protocol is pure'),
    forbid('catalog', ['config', 'sync', 'server', 'admin-ui', 'scripts'], "catalog imports protocol's types at most"),
    forbid('sync', ['server', 'admin-ui', 'scripts'], 'sync and server meet in the database and the message channel'),
    forbid('server', ['sync', 'admin-ui', 'scripts'], 'sync and server meet in the database and the message channel'),
    forbid('admin-ui', ['config', 'catalog', 'sync', 'server', 'scripts'], 'the console knows the API (protocol/console) and nothing else'),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(node_modules|\\.runtime|dist)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { extensions: ['.ts', '.tsx', '.js', '.cjs', '.json'] },
  },
};
