/** A C++ compiler: the machine's, else one that comes as a Python wheel and needs nothing installed. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cachedFolder } from './cache.mjs';
import { extractMembers, fetchWheel } from './wheel.mjs';

const version = '0.15.2';
const wheels = {
  x64: {
    project: 'ziglang',
    version,
    file: `ziglang-${version}-py3-none-manylinux_2_12_x86_64.manylinux2010_x86_64.musllinux_1_1_x86_64.whl`,
    sha256: '806316453d1ede7174ed3fefb8e5348154629089c3bb5fe812dfd0e172fac130',
  },
  arm64: {
    project: 'ziglang',
    version,
    file: `ziglang-${version}-py3-none-manylinux_2_17_aarch64.manylinux2014_aarch64.musllinux_1_1_aarch64.whl`,
    sha256: 'edc0aa60ec964a4cf462d40f68d7de242ddf37fd9a80f2afaee6397059463230',
  },
};

/**
 * The command that compiles C++17 here.
 * @returns {Promise<string[]>} the program and its first arguments
 */
export async function findCompiler() {
  const installed = [process.env.CXX, 'c++', 'g++', 'clang++'].find((name) => name && compiles([name]));
  if (installed) return [installed];
  console.log('no C++ compiler on the PATH: taking one from the package index');
  const program = await zig().catch((error) => {
    throw new Error('no C++ compiler on the PATH (install g++) and none could be downloaded', {
      cause: error.cause ?? error,
    });
  });
  const command = [program, 'c++'];
  if (!compiles(command)) throw new Error('the downloaded C++ compiler does not work here');
  return command;
}

async function zig() {
  const name = `zig-${version}-${process.platform}-${process.arch}`;
  const folder = await cachedFolder(name, async (partial) => {
    const wheel = await fetchWheel(wheels[process.arch], partial);
    await extractMembers(wheel, (member) =>
      member.startsWith('ziglang/') ? join(partial, member.slice('ziglang/'.length)) : undefined,
    );
    await rm(wheel);
  });
  return join(folder, 'zig');
}

/** Whether the command turns a small program that uses the standard library into a shared one. */
function compiles([program, ...first]) {
  const folder = mkdtempSync(join(tmpdir(), 'vitrine-compiler-'));
  try {
    const source = join(folder, 'probe.cc');
    writeFileSync(source, '#include <string>\nextern "C" int probe() { return std::string("x").size(); }\n');
    const args = [...first, '-std=c++17', '-shared', '-fPIC', source, '-o', join(folder, 'probe.so')];
    return spawnSync(program, args, { stdio: 'ignore', timeout: 180_000 }).status === 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
