import { Presets, SingleBar } from 'cli-progress';

/** Tells a person how far long work is. Quiet implementations are allowed. */
export interface Progress {
  /** One line of news. */
  info(message: string): void;
  /** A line that must not be overlooked. */
  warn(message: string): void;
  /** Starts a task of `total` units. Bars do not nest: finish one before the next. */
  task(title: string, total: number): ProgressTask;
}

export interface ProgressTask {
  /** Adds finished units. */
  advance(units?: number): void;
  finish(): void;
}

/** Seconds between two lines where there is no terminal to redraw. */
const PLAIN_INTERVAL_SECONDS = 5;

/** A bar with rate and time left on a terminal, plain lines elsewhere. */
export function createProgress(stream: NodeJS.WriteStream = process.stderr): Progress {
  return {
    info: (message) => void stream.write(`${message}\n`),
    warn: (message) => void stream.write(`warning: ${message}\n`),
    task: (title, total) => (stream.isTTY ? barTask(stream, title, total) : plainTask(stream, title, total)),
  };
}

/** Says nothing: for tests and for callers that print their own. */
export const silentProgress: Progress = {
  info: () => undefined,
  warn: () => undefined,
  task: () => ({ advance: () => undefined, finish: () => undefined }),
};

function barTask(stream: NodeJS.WriteStream, title: string, total: number): ProgressTask {
  const bar = new SingleBar(
    { stream, format: `${title} {bar} {value}/{total} | {rate}/s | {eta_formatted} left`, hideCursor: true },
    Presets.shades_classic,
  );
  const start = Date.now();
  let done = 0;
  bar.start(total, 0, { rate: '0' });
  return {
    advance: (units = 1) => {
      done += units;
      bar.update(done, { rate: rate(done, start) });
    },
    finish: () => bar.stop(),
  };
}

function plainTask(stream: NodeJS.WriteStream, title: string, total: number): ProgressTask {
  const start = Date.now();
  let last = start;
  let done = 0;
  const line = (left: string) => stream.write(`${title}: ${done}/${total} (${rate(done, start)}/s${left})\n`);
  return {
    advance: (units = 1) => {
      done += units;
      const now = Date.now();
      if (now - last < PLAIN_INTERVAL_SECONDS * 1000 || done >= total) return;
      last = now;
      line(`, ${Math.ceil((((now - start) / done) * (total - done)) / 1000)} s left`);
    },
    finish: () => void line(`, ${((Date.now() - start) / 1000).toFixed(1)} s`),
  };
}

function rate(done: number, start: number): string {
  const seconds = Math.max((Date.now() - start) / 1000, 0.001);
  const value = done / seconds;
  return value < 10 ? value.toFixed(1) : String(Math.round(value));
}
