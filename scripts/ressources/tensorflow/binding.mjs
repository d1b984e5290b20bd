/** The native half of @tensorflow/tfjs-node: where it is, whether it loads, and how it comes to be. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { mkdir, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import nodeApiHeaders from 'node-api-headers';

const trainingFolder = resolve(import.meta.dirname, '../../../datascience/training');
const requireFromTraining = createRequire(join(trainingFolder, 'package.json'));

const INSTALLER_TIMEOUT_MS = 300_000;
const LOAD_TIMEOUT_MS = 120_000;
const PROBE_TIMEOUT_MS = 5_000;

/** util.isNullOrUndefined left Node 23; tfjs-node 4.22 still calls it. */
const loadScript = `
  const util = require('node:util');
  util.isNullOrUndefined ??= (value) => value === null || value === undefined;
  const tf = require('@tensorflow/tfjs-node');
  const sum = tf.tidy(() => tf.conv1d(tf.ones([1, 4, 1]), tf.ones([2, 1, 1]), 1, 'valid').sum().dataSync()[0]);
  process.exit(tf.getBackend() === 'tensorflow' && sum === 6 ? 0 : 1);
`;

const packageFolder = dirname(requireFromTraining.resolve('@tensorflow/tfjs-node/package.json'));
const { binary, version } = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8'));
const napi = Math.max(
  ...binary.napi_versions.filter((candidate) => candidate <= Number(process.versions.napi)),
);
const bindingFolder = join(packageFolder, 'lib', `napi-v${napi}`);
const bindingFile = join(bindingFolder, 'tfjs_binding.node');
const dependencies = join(packageFolder, 'deps');
const stampFile = join(bindingFolder, '.loads');

/** Changes when the binding, the library behind it or Node does. */
function stamp() {
  const library = join(dependencies, 'lib', 'libtensorflow.so');
  if (!existsSync(bindingFile) || (process.platform === 'linux' && !existsSync(library))) return undefined;
  const { size, mtimeMs } = statSync(bindingFile);
  const librarySize = existsSync(library) ? statSync(library).size : 0;
  return `${process.version} ${process.arch} ${version} ${size} ${mtimeMs} ${librarySize}`;
}

/** Whether the binding was seen to load as it is, in milliseconds. */
export function isKnownToLoad() {
  const present = stamp();
  return present !== undefined && existsSync(stampFile) && readFileSync(stampFile, 'utf8') === present;
}

/** Loads the package in a process of its own, computes something with it and remembers a success. */
export function loads() {
  const present = stamp();
  if (present === undefined) return false;
  const { status, stderr } = spawnSync(process.execPath, ['-e', loadScript], {
    cwd: trainingFolder,
    timeout: LOAD_TIMEOUT_MS,
    encoding: 'utf8',
  });
  if (status === 0) writeFileSync(stampFile, present);
  else console.log(`@tensorflow/tfjs-node does not load:\n${stderr.trim().split('\n').slice(-5).join('\n')}`);
  return status === 0;
}

async function removeNativeParts() {
  await rm(dependencies, { recursive: true, force: true });
  await rm(join(packageFolder, 'lib'), { recursive: true, force: true });
}

/**
 * Runs the package's own installer where its download server answers.
 * @returns {Promise<boolean>} whether the package loads now
 */
export async function runOwnInstaller() {
  const server = process.env.TFJS_NODE_CDN_STORAGE || process.env.CDN_STORAGE || new URL(binary.host).origin;
  const answers = await fetch(server, { method: 'HEAD', signal: AbortSignal.timeout(PROBE_TIMEOUT_MS) }).then(
    () => true,
    () => false,
  );
  if (!answers) {
    console.log(`the package's own installer cannot download: ${new URL(server).host} is out of reach`);
    return false;
  }
  await removeNativeParts();
  unshare(join(packageFolder, 'package.json'));
  spawnSync(process.execPath, ['scripts/install.js'], {
    cwd: packageFolder,
    stdio: ['ignore', 'inherit', 'inherit'],
    timeout: INSTALLER_TIMEOUT_MS,
  });
  return loads();
}

/** The installer writes this file in place, and it may be a hard link into pnpm's store. */
function unshare(path) {
  copyFileSync(path, `${path}.own`);
  renameSync(`${path}.own`, path);
}

/**
 * Compiles the binding against a TensorFlow C library. Only the stable Node-API is used, so one set of headers
 * serves every Node and node-gyp is not needed.
 *
 * @param {string} libraries a folder with `include/` and `lib/`
 * @param {string[]} compiler
 * @throws when the compiler fails; its messages go to the output
 */
export async function buildBinding(libraries, [program, ...first]) {
  await removeNativeParts();
  await mkdir(bindingFolder, { recursive: true });
  await mkdir(dependencies);
  for (const part of ['include', 'lib']) await symlink(join(libraries, part), join(dependencies, part));
  const built = `${bindingFile}.${process.pid}`;
  const args = [
    ...first,
    ...['-std=c++17', '-O2', '-shared', '-fPIC', '-w', `-DNAPI_VERSION=${napi}`, '-I.', '-Ideps/include'],
    `-I${nodeApiHeaders.include_dir}`,
    ...[
      'binding/tfjs_backend.cc',
      'binding/tfjs_binding.cc',
      '-Ldeps/lib',
      '-ltensorflow',
      '-ltensorflow_framework',
    ],
    ...['-Wl,-rpath,$ORIGIN/../../deps/lib', '-o', built],
  ];
  const { status } = spawnSync(program, args, {
    cwd: packageFolder,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (status !== 0) throw new Error(`${program} could not compile the binding`);
  renameSync(built, bindingFile);
}
