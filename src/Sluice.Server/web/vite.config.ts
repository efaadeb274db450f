import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';
import { precompress } from './build/precompress.ts';

const page = (name: string) => resolve(import.meta.dirname, `${name}.html`);

export default defineConfig({
  // Relative, so that the page also works below a path of a proxy.
  base: './',
  build: {
    target: 'es2023',
    outDir: process.env['SLUICE_WEB_OUT'] ?? 'dist',
    emptyOutDir: true,
    // The page's policy allows no data: but images, and no script that is not a file.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    license: { fileName: 'licenses.md' },
    rolldownOptions: { input: [page('index'), page('login'), page('status'), page('reference/index')] },
  },
  plugins: [precompress()],
  // `npm run dev` beside a server: its answers come from there.
  server: { proxy: Object.fromEntries(['/ask', '/v1', '/healthz', '/readyz', '/status/events', '/statusz', '/metrics'].map(path => [path, 'http://127.0.0.1:5080'])) },
  test: { environment: 'happy-dom', include: ['tests/**/*.test.{ts,tsx}'] },
});
