/**
 * Builds the console to `admin-ui/dist`. What comes out runs under a Content-Security-Policy without inline scripts:
 * no module preload polyfill, no assets inlined into scripts.
 */
import react from '@vitejs/plugin-react';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

/** Libraries change less often than the console: a chunk each group, so that browsers keep them. */
const VENDORS = [
  { name: 'react', test: /node_modules[\\/](react|react-dom|react-router|scheduler)[\\/]/ },
  { name: 'data', test: /node_modules[\\/](@tanstack|zod)[\\/]/ },
  {
    name: 'fluent-base',
    test: /node_modules[\\/](@griffel|@fluentui[\\/](tokens|react-theme|react-provider|react-utilities|react-shared-contexts|react-jsx-runtime|react-tabster|react-positioning|react-portal|react-motion|keyboard-keys)|tabster|keyborg|@floating-ui)[\\/]/,
  },
];

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: '/',
  plugins: [react()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2024',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: { output: { codeSplitting: { groups: VENDORS } } },
  },
});
