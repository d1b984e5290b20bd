/**
 * Release notes of a tag from its Conventional Commits since the tag before: node release-notes.mjs v1.2.0
 */
import { execFileSync } from 'node:child_process';
import { pathToFileURL } from 'node:url';

/** Headings by type, in the order in which they appear; other types are of no interest to users. */
const HEADINGS = new Map([
  ['feat', 'Features'],
  ['fix', 'Fixes'],
  ['perf', 'Performance'],
  ['docs', 'Documentation'],
]);
const SUBJECT = /^(?<type>[a-z]+)(?:\((?<scope>[^)]+)\))?(?<breaking>!)?: (?<text>.+)$/;

/**
 * Notes in Markdown.
 *
 * @param {readonly { hash: string, subject: string, body: string }[]} commits newest first
 */
export function buildNotes(commits) {
  const parsed = commits.flatMap(({ hash, subject, body }) => {
    const groups = SUBJECT.exec(subject)?.groups;
    if (!groups) return [];
    const change = /^BREAKING[ -]CHANGE: (.+)$/m.exec(body)?.[1];
    return [{ ...groups, hash, breaking: change ?? (groups.breaking ? groups.text : null) }];
  });
  const sections = [
    [
      'Breaking changes',
      parsed.filter(({ breaking }) => breaking).map(({ breaking, hash }) => line(breaking, hash)),
    ],
    ...[...HEADINGS].map(([type, heading]) => [
      heading,
      parsed
        .filter((commit) => commit.type === type)
        .map(({ scope, text, hash }) => line(scope ? `**${scope}**: ${text}` : text, hash)),
    ]),
  ].filter(([, lines]) => lines.length > 0);
  return sections.length === 0
    ? 'No change that users see.\n'
    : sections.map(([heading, lines]) => `## ${heading}\n\n${lines.join('\n')}\n`).join('\n');
}

function line(text, hash) {
  return `- ${text} (${hash.slice(0, 7)})`;
}

const git = (...args) => execFileSync('git', args, { encoding: 'utf8', maxBuffer: 2 ** 26 });

/** The tag before, or null at the first one. */
function findPrevious(tag) {
  try {
    return git('describe', '--tags', '--abbrev=0', `${tag}^`).trim();
  } catch {
    return null;
  }
}

function readCommits(tag) {
  const previous = findPrevious(tag);
  const log = git(
    'log',
    '--no-merges',
    '--format=%H%x1f%s%x1f%b%x1e',
    previous ? `${previous}..${tag}` : tag,
  );
  return log
    .split('\x1e')
    .map((entry) => entry.trim().split('\x1f'))
    .filter(([hash]) => hash)
    .map(([hash, subject = '', body = '']) => ({ hash, subject, body }));
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const tag = process.argv[2];
  if (!tag) {
    process.stderr.write('usage: node release-notes.mjs TAG\n');
    process.exit(2);
  }
  process.stdout.write(buildNotes(readCommits(tag)));
}
