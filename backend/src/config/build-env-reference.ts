import { listEnvKeys } from './env-key.decorator.js';
import { EnvDto } from './env.dto.js';

/** The reference of every key of the environment, in Markdown. */
export function buildEnvReference(): string {
  const defaults = new EnvDto() as unknown as Record<string, unknown>;
  const rows = listEnvKeys().map(({ name, doc, secret, required }) => {
    const notes = [secret ? 'secret' : '', required ? `required in ${required}` : ''].filter(
      (note) => note !== '',
    );
    return `| \`${name}\` | ${formatDefault(defaults[name])} | ${doc}${notes.length > 0 ? ` (${notes.join(', ')})` : ''} |`;
  });
  return [
    '# Environment',
    '',
    'What the backend reads from its environment. A variable of the process wins over `.env.local`, and that over `.env`;',
    'an empty one counts as unset. Everything is checked once at the start, and what is wrong is listed by its key.',
    '',
    'This page is generated from `backend/src/config/env.dto.ts` by `pnpm generate`.',
    '',
    '| key | default | what |',
    '|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}

const formatDefault = (value: unknown): string =>
  value === undefined || value === '' ? '–' : `\`${String(value)}\``;
