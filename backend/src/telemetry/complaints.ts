import type { DiagLogger } from '@opentelemetry/api';

/** Time between two complaints: a receiver that stays away is told of now and then, not at every batch. */
const INTERVAL_MS = 60_000;

/** What the SDK complains about, one line at a time, to standard error. */
export function createComplaints(
  output: { write(line: string): unknown },
  now: () => number = Date.now,
): DiagLogger {
  let last = -Infinity;
  const complain = (message: string): void => {
    if (now() - last < INTERVAL_MS) return;
    last = now();
    const [line = ''] = message.split('\n');
    output.write(
      `${JSON.stringify({ level: 40, time: new Date(now()).toISOString(), msg: `telemetry: ${line}` })}\n`,
    );
  };
  const ignore = (): void => {};
  return { error: complain, warn: ignore, info: ignore, debug: ignore, verbose: ignore };
}
