/**
 * Says in milliseconds whether the dependencies or the build are those of the present files:
 * `stamp.mjs check|write install|build`. `check` exits 0 when nothing changed since the last `write`, else 1
 * and keeps what it saw, so that an edit made during the build is not taken for built.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');
const neverSources = new Set(['node_modules', 'dist', 'coverage', 'data', 'bench', 'test', 'docs']);

/** Workspace folders that pnpm-workspace.yaml names, `datascience/*` expanded. */
function workspaces() {
  const yaml = readFileSync(join(root, 'pnpm-workspace.yaml'), 'utf8');
  const patterns = /^packages:\n((?: +- .*\n)+)/m.exec(yaml)[1].match(/[^\s'"-][^\s'"]*/g);
  return patterns
    .flatMap((pattern) => (basename(pattern) === '*' ? subfolders(dirname(pattern)) : [pattern]))
    .filter((folder) => existsSync(join(root, folder, 'package.json')));
}

function hasDependencies(folder) {
  const manifest = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
  return Object.keys({ ...manifest.dependencies, ...manifest.devDependencies }).length > 0;
}

function subfolders(parent) {
  return readdirSync(join(root, parent), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => `${parent}/${entry.name}`)
    .sort();
}

/** Every file below a workspace that its build may read. */
function sourcesOf(folder) {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .filter((entry) => !neverSources.has(entry.name) && !entry.name.startsWith('.'))
    .flatMap((entry) => {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory()) return sourcesOf(path);
      return path.endsWith('.spec.ts') ? [] : [path];
    })
    .sort();
}

const inputs = {
  install: () => [
    'pnpm-lock.yaml',
    'pnpm-workspace.yaml',
    'package.json',
    ...workspaces().map((folder) => `${folder}/package.json`),
  ],
  build: () => [
    'pnpm-lock.yaml',
    'package.json',
    'tsconfig.json',
    'tsconfig.base.json',
    ...workspaces().flatMap(sourcesOf),
  ],
};

/** What must be there for the work to count as done; missing output is as good as never built. */
const outputs = {
  install: () => [
    'node_modules/.modules.yaml',
    ...workspaces()
      .filter(hasDependencies)
      .map((folder) => `${folder}/node_modules`),
  ],
  build: () =>
    workspaces()
      .filter((folder) => existsSync(join(root, folder, 'tsconfig.json')))
      .map((folder) => `${folder}/dist`),
};

function fingerprint(name) {
  const hash = createHash('sha256').update(`${process.version} ${process.platform} ${process.arch}\n`);
  for (const path of inputs[name]()) hash.update(`${path}\n`).update(readFileSync(join(root, path)));
  return hash.digest('hex');
}

const [verb, name] = process.argv.slice(2);
const stampFile = join(root, 'node_modules', `.vitrine-${name}`);
const seenFile = `${stampFile}.seen`;

if (verb === 'check') {
  const present = fingerprint(name);
  const complete = outputs[name]().every((path) => existsSync(join(root, path)));
  if (complete && existsSync(stampFile) && readFileSync(stampFile, 'utf8') === present) process.exit(0);
  mkdirSync(dirname(seenFile), { recursive: true });
  writeFileSync(seenFile, present);
  process.exit(1);
} else if (verb === 'write' && existsSync(seenFile)) {
  renameSync(seenFile, stampFile);
} else {
  process.stderr.write('usage: stamp.mjs check|write install|build, a check before a write\n');
  process.exit(2);
}
