/** Measures what a first visit loads and each file that comes later, gzipped; fails beyond the budget. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';

const OUT = process.argv[2] ?? path.resolve(import.meta.dirname, '../../src/omnix/api/dashboard');
const FIRST = 200_000;
const CHUNK = 80_000;

const manifest = JSON.parse(readFileSync(path.join(OUT, '.vite/manifest.json'), 'utf8'));
const size = (file) => gzipSync(readFileSync(path.join(OUT, file)), { level: 9 }).length;
const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;

function withImports(name, seen = new Set()) {
  if (seen.has(name)) return seen;
  seen.add(name);
  (manifest[name].imports ?? []).forEach((next) => withImports(next, seen));
  return seen;
}

const isScript = ([, { file }]) => file.endsWith('.js');
const entry = Object.keys(manifest).find((name) => manifest[name].isEntry);
const first = withImports(entry);
const firstSize = [...first].reduce((sum, name) => sum + size(manifest[name].file), 0);
const later = Object.entries(manifest)
  .filter(isScript)
  .filter(([name]) => !first.has(name))
  .map(([name, { file }]) => ({ name, bytes: size(file) }))
  .sort((one, other) => other.bytes - one.bytes);

console.log(`first JS   ${kilobytes(firstSize)} of ${kilobytes(FIRST)}`);
later.slice(0, 8).forEach(({ name, bytes }) => console.log(`later      ${kilobytes(bytes)}  ${name}`));

const tooLarge = later.filter(({ bytes }) => bytes > CHUNK);
tooLarge.forEach(({ name, bytes }) => console.error(`${name} is ${kilobytes(bytes)}; a later file may have ${kilobytes(CHUNK)}: load part of it on demand`));
if (firstSize > FIRST) console.error(`the first JS is ${kilobytes(firstSize)}; it may have ${kilobytes(FIRST)}: import less from src/main.tsx on`);
process.exit(firstSize > FIRST || tooLarge.length > 0 ? 1 : 0);
