import { openModelStore, syncStore, type SyncResult } from '@vitrine/mlflow';
import { Command } from 'commander';
import { openSession } from './session.js';

/** The command `sync`. */
export function syncCommand(): Command {
  return new Command('sync')
    .description('Copy local runs, models and aliases to an MLflow server; again copies only what is new')
    .requiredOption('--to <url>', 'the MLflow server, http(s)://…, or another registry folder')
    .option('--from <dir>', 'the registry folder (default: REGISTRY_DIR)')
    .action(async (flags: { to: string; from?: string }) => {
      const { environment, progress, signal } = openSession({
        onStop: 'stopping after this run; the same command goes on',
      });
      const { credentials } = environment;
      const registryDir = flags.from ?? environment.registryDir;
      const from = openModelStore({ registryDir });
      if (!/^(https?:\/\/|[^:]*$)/i.test(flags.to))
        throw new Error(`--to ${flags.to} is neither an http(s) address nor a folder`);
      const to = openModelStore({ trackingUri: flags.to, registryDir, credentials });
      if (from.location === to.location) throw new Error(`--to ${flags.to} is the registry itself`);
      const result = await syncStore(from, to, {
        signal,
        onProgress: ({ kind, name, done, total }) => progress.info(`${done}/${total} ${kind} ${name}`),
      });
      for (const sentence of result.skipped) progress.warn(sentence);
      process.stdout.write(`${formatResult(result).join('\n')}\n${from.location} → ${to.location}\n`);
    });
}

function formatResult({ runs, versions, aliases }: SyncResult): string[] {
  const kept = aliases.kept === 0 ? '' : `, ${aliases.kept} moved at the target and left there`;
  return [
    `runs: ${runs.copied} copied, ${runs.unchanged} unchanged`,
    `versions: ${versions.copied} copied, ${versions.unchanged} unchanged`,
    `aliases: ${aliases.moved} moved, ${aliases.unchanged} unchanged${kept}`,
  ];
}
