import { availableParallelism, cpus, loadavg, release, totalmem, type } from 'node:os';

/** One line that tells on what, and beside what load, figures were measured. */
export function machineLine() {
  const [minute] = loadavg();
  const memory = (totalmem() / 2 ** 30).toFixed(0);
  const model = cpus()[0]?.model.trim() ?? 'unknown processor';
  return (
    `${availableParallelism()} cores (${model}), ${memory} GiB, ${type()} ${release()}, Node ${process.versions.node}; ` +
    `load average ${minute.toFixed(1)} when this began${minute > availableParallelism() / 2 ? ': MEASURED UNDER LOAD' : ''}`
  );
}
