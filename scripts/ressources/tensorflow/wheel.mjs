/** Fetching a pinned wheel from a Python package index and taking members out of it. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, existsSync, readFileSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import yauzl from 'yauzl';

const DEFAULT_INDEX = 'https://pypi.org/simple';
const CONNECT_TIMEOUT_MS = 30_000;
const STALL_TIMEOUT_MS = 60_000;

/**
 * Downloads a wheel into a folder and checks its hash: with pip where there is one, since it knows every way an
 * index can be configured (proxies, certificates, mirrors), else straight from the index.
 *
 * @param {{ project: string, version: string, file: string, sha256: string }} wheel
 * @param {string} into an existing folder
 * @returns {Promise<string>} the wheel's path
 * @throws when it cannot be had or its SHA-256 is another
 */
export async function fetchWheel(wheel, into) {
  const path = join(into, wheel.file);
  if (!downloadWithPip(wheel, into) || !existsSync(path)) await downloadFromIndex(wheel, path);
  const sha256 = await hashFile(path);
  if (sha256 !== wheel.sha256) {
    await rm(path, { force: true });
    throw new Error(`${wheel.file} has SHA-256 ${sha256}, expected ${wheel.sha256}`);
  }
  return path;
}

/** Whether pip downloaded it. The tags are given, so any pip can fetch a wheel for another interpreter. */
function downloadWithPip(wheel, into) {
  const python = ['python3', 'python'].find(
    (name) => spawnSync(name, ['-m', 'pip', '--version'], { stdio: 'ignore', timeout: 20_000 }).status === 0,
  );
  if (python === undefined) return false;
  const [, , implementation, abi, platforms] = wheel.file.replace(/\.whl$/, '').split('-');
  const interpreter = /^([a-z]+)(\d+)$/.exec(implementation);
  const args = [
    '-m',
    'pip',
    'download',
    '--no-deps',
    '--no-cache-dir',
    '--no-input',
    '--progress-bar',
    'off',
  ];
  args.push('--only-binary', ':all:', '--implementation', interpreter[1], '--abi', abi, '--dest', into);
  if (interpreter[2].length > 1) args.push('--python-version', interpreter[2]);
  for (const platform of platforms.split('.')) args.push('--platform', platform);
  args.push(`${wheel.project}==${wheel.version}`);
  console.log(`downloading ${wheel.file} with pip`);
  const { status } = spawnSync(python, args, { stdio: ['ignore', 'inherit', 'inherit'], timeout: 600_000 });
  return status === 0;
}

async function downloadFromIndex(wheel, path) {
  const page = `${indexUrl().replace(/\/+$/, '')}/${wheel.project}/`;
  console.log(`downloading ${wheel.file} from ${new URL(page).host}`);
  const { url, headers } = withoutCredentials(page);
  const listing = await fetch(url, { headers, signal: AbortSignal.timeout(CONNECT_TIMEOUT_MS) });
  if (!listing.ok) throw new Error(`the package index answers ${listing.status} for ${wheel.project}`);
  const links = [...(await listing.text()).matchAll(/href="([^"]+)"/g)].map(
    ([, href]) => new URL(href.replaceAll('&amp;', '&'), listing.url),
  );
  const link = links.find(({ pathname }) => decodeURIComponent(pathname).endsWith(`/${wheel.file}`));
  if (link === undefined) throw new Error(`the package index does not list ${wheel.file}`);
  const sameHost = link.host === url.host ? headers : {};
  await download(link, sameHost, path);
}

/** Streams to disk and gives up when nothing arrives for a while, not when a slow line takes long. */
async function download(url, headers, path) {
  const stalled = new AbortController();
  let timer;
  const rewind = () => {
    clearTimeout(timer);
    timer = setTimeout(() => stalled.abort(new Error('the download stalled')), STALL_TIMEOUT_MS);
  };
  rewind();
  try {
    const response = await fetch(url, { headers, signal: stalled.signal });
    if (!response.ok) throw new Error(`${url.host} answers ${response.status} for ${url.pathname}`);
    const watch = new Transform({
      transform(chunk, _encoding, done) {
        rewind();
        done(null, chunk);
      },
    });
    await pipeline(Readable.fromWeb(response.body), watch, createWriteStream(path), {
      signal: stalled.signal,
    });
  } finally {
    clearTimeout(timer);
  }
}

/** The index as pip would choose it: the environment, then pip's configuration files. */
function indexUrl() {
  const { PIP_INDEX_URL, PIP_CONFIG_FILE, XDG_CONFIG_HOME } = process.env;
  if (PIP_INDEX_URL) return PIP_INDEX_URL;
  const files = [
    PIP_CONFIG_FILE,
    join(homedir(), '.pip/pip.conf'),
    join(XDG_CONFIG_HOME ?? join(homedir(), '.config'), 'pip/pip.conf'),
    '/etc/pip.conf',
  ];
  for (const file of files) {
    if (!file || !existsSync(file)) continue;
    const set = /^\s*index[-_]url\s*[=:]\s*(\S+)/m.exec(readFileSync(file, 'utf8'));
    if (set) return set[1];
  }
  return DEFAULT_INDEX;
}

/** fetch refuses a URL with a user name; it becomes a header. */
function withoutCredentials(address) {
  const url = new URL(address);
  const { username, password } = url;
  url.username = '';
  url.password = '';
  const headers = { accept: 'text/html' };
  if (username) {
    const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
    headers.authorization = `Basic ${Buffer.from(credentials).toString('base64')}`;
  }
  return { url, headers };
}

async function hashFile(path) {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

/**
 * Takes members out of a zip file, streaming.
 *
 * @param {string} archive
 * @param {(name: string) => string | undefined} target where a member goes; undefined leaves it in
 * @returns {Promise<number>} how many were written
 */
export async function extractMembers(archive, target) {
  const zip = await yauzl.openPromise(archive);
  let written = 0;
  try {
    for await (const entry of zip.eachEntry()) {
      const path = entry.fileName.endsWith('/') ? undefined : target(entry.fileName);
      if (path === undefined) continue;
      await mkdir(dirname(path), { recursive: true });
      // The upper half of the attributes is the Unix mode; some writers leave it empty.
      const mode = (entry.externalFileAttributes >>> 16) & 0o777 || 0o644;
      await pipeline(await zip.openReadStreamPromise(entry), createWriteStream(path, { mode }));
      written += 1;
    }
  } finally {
    zip.close();
  }
  return written;
}
