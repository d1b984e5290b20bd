/** Trains through the command line in this process and tells its peak memory: `train.mjs REGISTRY FLAGS…`. */
const [registry, ...flags] = process.argv.slice(2);
Object.assign(process.env, { MLFLOW_TRACKING_URI: '', REGISTRY_DIR: registry });
const { buildProgram } = await import('../../training/dist/cli/program.js');
await buildProgram().parseAsync([process.execPath, 'vitrine', 'train-time-to-sell', ...flags]);
console.log(JSON.stringify({ peakMb: process.resourceUsage().maxRSS / 1024 }));
