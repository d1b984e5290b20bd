import { Command, InvalidArgumentError } from 'commander';
import { readApiAccess } from '../environment.js';
import { CatalogApi, type ImportReport } from './catalog-api.js';
import { createProgress, type Progress } from './progress.js';

interface ImportFlags {
  input: string;
  apiUrl?: URL;
  username?: string;
}

/** The command `import-catalog`. */
export function importCatalogCommand(): Command {
  return new Command('import-catalog')
    .description("Import products into a running API's catalogue from a CSV file, plain or gzipped")
    .requiredOption('--input <csv>', 'the file; it may be imported again at any time')
    .option('--api-url <url>', 'where the API is (default: this machine, at the PORT of .env)', parseUrl)
    .option('--username <email>', 'who imports (default: the first administrator of .env)')
    .addHelpText(
      'after',
      `
The password is VITRINE_API_PASSWORD, or FIRST_ADMINUSER_PASSWORD of .env.local for the first administrator;
VITRINE_API_TOKEN is an access token in place of both.`,
    )
    .action(importCatalog);
}

async function importCatalog({ input, apiUrl, username }: ImportFlags): Promise<void> {
  const access = readApiAccess();
  const progress = createProgress();
  const api = new CatalogApi(apiUrl ?? new URL(access.url));
  const token = access.token ?? (await api.login(username ?? access.username, access.password(username)));
  const report = await api.importProducts(input, token, progress);
  tell(report, progress);
  if (!report.is_complete) process.exitCode = 1;
}

function tell(report: ImportReport, progress: Progress): void {
  const { rows, stored, inserted, updated, unchanged, rejected, rejections } = report;
  progress.info(
    `${rows} rows: ${stored} stored (${inserted} new, ${updated} changed, ${unchanged} as they were), ` +
      `${rejected} rejected, in ${(report.duration_ms / 1_000).toFixed(1)} s`,
  );
  for (const { line, field, reason } of rejections) {
    progress.warn(`line ${line}${field === null ? '' : `, ${field}`}: ${reason}`);
  }
  if (rejected > rejections.length) progress.warn(`and ${rejected - rejections.length} more`);
  if (report.windows_1252_rows > 0) {
    progress.warn(`${report.windows_1252_rows} rows are no UTF-8 and were read as Windows-1252`);
  }
  if (report.ignored_columns.length > 0) {
    progress.warn(`columns that the catalogue does not have: ${report.ignored_columns.join(', ')}`);
  }
}

function parseUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url && /^https?:$/.test(url.protocol)) return url;
  throw new InvalidArgumentError('must be an http:// or https:// address');
}
