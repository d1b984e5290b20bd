/**
 * Makes `@tensorflow/tfjs-node` load, which image and fusion training need: as it is, by its own installer, or
 * compiled against the C library of TensorFlow's Python wheel. Exits 3 when it cannot be had here.
 */
import { buildBinding, isKnownToLoad, loads, runOwnInstaller } from './ressources/tensorflow/binding.mjs';
import { findCompiler } from './ressources/tensorflow/compiler.mjs';
import { tensorflowLibraries, unsupportedReason } from './ressources/tensorflow/libraries.mjs';

const usage = `usage: node scripts/setup-tensorflow.mjs [--check | --force]

  --check   only say whether it is known to load (exit 0 or 1), in milliseconds
  --force   compile it anew even when it loads

  exit 0: it loads; 3: it cannot be had on this machine`;

const UNAVAILABLE = 3;

async function buildFromWheel() {
  const unsupported = unsupportedReason();
  if (unsupported) throw new Error(unsupported);
  const compiler = await findCompiler();
  const libraries = await tensorflowLibraries();
  console.log(`compiling the binding with ${compiler.join(' ')}`);
  await buildBinding(libraries, compiler);
  if (!loads()) throw new Error('the compiled binding does not load');
}

/** fetch hides what went wrong in the cause. */
function reason({ message, cause }) {
  const detail = cause?.code ?? cause?.message;
  return detail ? `${message} (${detail})` : message;
}

async function main(option) {
  if (option === '--help') return void console.log(usage);
  if (option === '--check') return void (process.exitCode = isKnownToLoad() ? 0 : 1);
  if (option !== '--force' && (isKnownToLoad() || loads())) return;
  if (option !== '--force' && (await runOwnInstaller())) return;
  try {
    await buildFromWheel();
  } catch (error) {
    console.error(`TensorFlow cannot be had here: ${reason(error)}`);
    console.error(
      'Lost: training of image models. Text training, the API and everything trained elsewhere work.',
    );
    process.exitCode = UNAVAILABLE;
  }
}

await main(process.argv[2]);
