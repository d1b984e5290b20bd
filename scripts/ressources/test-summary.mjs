/**
 * Adds up what the checks (`checks.tsv`: status, title) and the test runners (`*.json`, jest's format) of a folder
 * report; a file `runner-failed` says that a runner's exit code was not 0. Lists what failed and what was skipped;
 * the last line is the sum. Exits 1 on a failure or without a test.
 */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

const folder = process.argv[2];
const root = resolve(import.meta.dirname, '../..');
const MESSAGE_LINES = 30;
const CAUSE_LINES = 3;

/** @returns {{ status: 'passed' | 'failed' | 'skipped', title: string, message?: string, kind: 'check' | 'test' }[]} */
function readChecks(path) {
  return readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split('\t'))
    .map(([status, title]) => ({ status, title, kind: 'check' }));
}

const statuses = {
  passed: 'passed',
  failed: 'failed',
  pending: 'skipped',
  skipped: 'skipped',
  todo: 'skipped',
};

function readRunner(path) {
  return JSON.parse(readFileSync(path, 'utf8')).testResults.flatMap((suite) => {
    const file = relative(root, suite.name);
    // A file that could not even be loaded has no tests to show: it counts as one that failed.
    if (suite.status === 'failed' && suite.assertionResults.every(({ status }) => status !== 'failed')) {
      return [{ status: 'failed', title: file, message: suite.message, kind: 'test' }];
    }
    return suite.assertionResults
      .filter(({ status }) => status in statuses)
      .map(({ status, fullName, failureMessages }) => ({
        status: statuses[status],
        title: `${file} › ${fullName}`,
        message: failureMessages.join('\n'),
        kind: 'test',
      }));
  });
}

function indent(message) {
  const lines = stripVTControlCharacters(message).trimEnd().split('\n');
  const shown = lines.slice(0, MESSAGE_LINES).map((line) => `      ${line}`);
  return [...shown, ...(lines.length > MESSAGE_LINES ? ['      …'] : [])].join('\n');
}

/** A cause that many tests share is shown once. */
function describeFailures(failures) {
  const shown = new Set();
  return failures.map(({ title, message }) => {
    if (!message) return `FAILED  ${title}`;
    const cause = message.split('\n', CAUSE_LINES).join('\n');
    const isNew = !shown.has(cause);
    shown.add(cause);
    return `FAILED  ${title}\n${isNew ? indent(message) : '      (as above)'}`;
  });
}

const results = readdirSync(folder).flatMap((file) => {
  const path = join(folder, file);
  return file.endsWith('.json') ? readRunner(path) : file === 'checks.tsv' ? readChecks(path) : [];
});
const of = (status) => results.filter((result) => result.status === status);
const [passed, failed, skipped] = [of('passed'), of('failed'), of('skipped')];
const ran = results.filter(({ kind, status }) => kind === 'test' && status !== 'skipped').length;
const runnerFailed = existsSync(join(folder, 'runner-failed'));
if (ran === 0) failed.push({ title: 'no test ran: the test runner left no result' });
else if (runnerFailed && failed.every(({ kind }) => kind !== 'test')) {
  failed.push({ title: 'the test runner ended with an error although no test failed: see its log' });
}

console.log();
for (const line of describeFailures(failed)) console.log(line);
for (const { title } of skipped) console.log(`SKIPPED ${title}`);
if (failed.length + skipped.length > 0) console.log();
console.log(`${passed.length} passed, ${failed.length} failed, ${skipped.length} skipped`);
process.exitCode = failed.length === 0 ? 0 : 1;
