import 'reflect-metadata';
import { join } from 'node:path';
import { writeGenerated } from '../../common/generated-file.js';
import { buildEnvReference } from '../build-env-reference.js';
import { findRootDir } from '../load-config.js';

/** Writes `docs/env.md`, or with `--check` fails where it is out of date. */
writeGenerated(join(findRootDir(), 'docs', 'env.md'), buildEnvReference(), process.argv.includes('--check'));
