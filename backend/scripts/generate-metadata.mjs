// Writes src/metadata.generated.ts: what the types, comments and validators of DTOs and controllers say, for the API's
// document. With --check it writes nothing and fails where the committed file is out of date.
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PluginMetadataGenerator } from '@nestjs/cli/lib/compiler/plugins/plugin-metadata-generator.js';
import { ReadonlyVisitor } from '@nestjs/swagger/plugin';
import ts from 'typescript';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const source = join(root, 'src');
const filename = 'metadata.generated.ts';

/** Collects in the order of paths: the compiler's own order depends on what the file held before. */
class SortedVisitor extends ReadonlyVisitor {
  collect() {
    const pathOf = ([importCall]) => importCall.arguments[0].text;
    const sorted = Object.entries(super.collect()).map(([kind, entries]) => [
      kind,
      [...entries].sort((a, b) => (pathOf(a) < pathOf(b) ? -1 : 1)),
    ]);
    return Object.fromEntries(sorted);
  }

  get typeImports() {
    return Object.fromEntries(Object.entries(super.typeImports).sort(([a], [b]) => (a < b ? -1 : 1)));
  }
}

function generate(outputDir) {
  new PluginMetadataGenerator().generate({
    visitors: [
      new SortedVisitor({
        introspectComments: true,
        classValidatorShim: true,
        esmCompatible: true,
        dtoFileNameSuffix: ['.dto.ts'],
        controllerFileNameSuffix: ['.controller.ts'],
        pathToSource: source,
      }),
    ],
    outputDir,
    filename,
    tsProgramRef: createProgram(),
  });
}

/** The documented files and what they import: enough to know their types, without checking the whole project. */
function createProgram() {
  const host = {
    ...ts.sys,
    onUnRecoverableConfigFileDiagnostic: (problem) => console.error(problem.messageText),
  };
  const { options, fileNames } = ts.getParsedCommandLineOfConfigFile(
    join(root, 'tsconfig.json'),
    undefined,
    host,
  );
  return ts.createProgram({
    options,
    rootNames: fileNames.filter((name) => /\.(dto|controller)\.ts$/.test(name)),
  });
}

if (process.argv.includes('--check')) {
  mkdirSync(join(root, 'dist'), { recursive: true });
  const scratch = mkdtempSync(join(root, 'dist', '.metadata-'));
  try {
    generate(scratch);
    if (readFileSync(join(scratch, filename), 'utf8') !== readFileSync(join(source, filename), 'utf8')) {
      console.error(`${filename} is out of date: run "pnpm generate"`);
      process.exitCode = 1;
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
} else {
  generate(source);
}
