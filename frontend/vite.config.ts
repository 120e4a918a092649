import { fileURLToPath } from 'node:url';

import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

const api = process.env.OMNIX_API ?? 'http://127.0.0.1:8000';

export default defineConfig({
  plugins: [react()],
  base: '/',
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  build: {
    outDir: '../src/omnix/api/dashboard',
    emptyOutDir: true,
    target: 'es2022',
    manifest: true,
    // The policy of the server allows images from data: URLs but no fonts.
    assetsInlineLimit: 0,
    rolldownOptions: {
      output: {
        // The chart library is larger than one file may be: its arithmetic apart from its drawing.
        codeSplitting: {
          groups: [{ name: 'charts-arithmetic', test: /node_modules\/(@mui\/x-charts-vendor|d3-\w+|reselect|internmap|bezier-easing)\// }],
        },
      },
    },
  },
  server: { proxy: { '/api': api } },
  preview: { proxy: { '/api': api } },
  test: {
    environment: 'jsdom',
    setupFiles: ['src/testing/setup.ts'],
    include: ['src/**/*.test.{ts,tsx}', 'eslint/**/*.test.ts'],
    css: false,
    restoreMocks: true,
    testTimeout: 60_000,
    // A busy machine may draw a part later than a test looks; twice in a row is a fault.
    retry: process.env.CI ? 1 : 0,
  },
});
