/** TensorFlow's C library, taken out of the Python wheel: the only place that publishes a present one for Linux. */
import { mkdir, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { cachedFolder } from './cache.mjs';
import { extractMembers, fetchWheel } from './wheel.mjs';

const version = '2.21.0';

/** Any interpreter's wheel will do, the C libraries are the same. On arm64 the plain project is the CPU one. */
const wheels = {
  x64: {
    project: 'tensorflow-cpu',
    version,
    file: `tensorflow_cpu-${version}-cp311-cp311-manylinux_2_27_x86_64.whl`,
    sha256: '2b847d217b02ee7731ed91431daf3250daa0196c3c94614d23be27232e6e5b6c',
  },
  arm64: {
    project: 'tensorflow',
    version,
    file: `tensorflow-${version}-cp311-cp311-manylinux_2_27_aarch64.whl`,
    sha256: '4b24aca16d527a3cf1c37f720c04c484c3d20f4d0fdfa98632ac8b9f3be6eb5c',
  },
};

const libraries = ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'];
const links = { 'libtensorflow.so': libraries[0], 'libtensorflow_framework.so': libraries[1] };
/** The C API's headers and what they include. */
const headers =
  /^tensorflow\/include\/((?:tensorflow\/c|tensorflow\/core\/platform|tsl\/platform|xla\/tsl\/c)\/.*\.h)$/;

/** Why no wheel can serve this machine, or undefined. */
export function unsupportedReason() {
  if (process.platform !== 'linux') return `there is no wheel with the C library for ${process.platform}`;
  if (!(process.arch in wheels)) return `there is no TensorFlow wheel for ${process.arch}`;
  if (!process.report.getReport().header.glibcVersionRuntime) return 'the wheels need glibc (this is musl)';
  return undefined;
}

/**
 * A folder with `include/` and `lib/` of TensorFlow for this machine, downloaded and unpacked the first time.
 * @returns {Promise<string>}
 */
export function tensorflowLibraries() {
  return cachedFolder(`tensorflow-${version}-${process.platform}-${process.arch}`, async (folder) => {
    const wheel = await fetchWheel(wheels[process.arch], folder);
    console.log('unpacking the C library and its headers');
    const written = await extractMembers(wheel, (name) => memberTarget(folder, name));
    if (written < libraries.length + 1) throw new Error('the wheel does not hold the C library');
    await mkdir(join(folder, 'lib'), { recursive: true });
    for (const [link, target] of Object.entries(links)) await symlink(target, join(folder, 'lib', link));
    await rm(wheel);
  });
}

function memberTarget(folder, name) {
  const header = headers.exec(name);
  if (header) return join(folder, 'include', header[1]);
  const library = libraries.find((library) => name === `tensorflow/${library}`);
  return library && join(folder, 'lib', library);
}
