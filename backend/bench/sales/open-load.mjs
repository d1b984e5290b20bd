import { Agent, request } from 'node:http';

/** Milliseconds between two looks at the schedule. */
const TICK_MS = 5;

/**
 * Sends requests by the clock, whatever became of those before, and measures each from the moment it was due: a server
 * that stalls is charged with everyone who waits meanwhile.
 *
 * @param origin address of the server
 * @param rate requests a second
 * @param next builds the i-th request: `{ kind, method, path, body }`
 * @returns latencies in ms by kind, and what failed
 */
export async function runOpenLoad({ origin, rate, seconds, next, connections = 64, timeoutMs = 10_000 }) {
  const agent = new Agent({ keepAlive: true, maxSockets: connections, scheduling: 'fifo' });
  const latencies = new Map();
  const failures = new Map();
  const total = Math.round(rate * seconds);
  const start = performance.now() + 50;
  let done = 0;
  await new Promise((resolve) => {
    let sent = 0;
    const finish = () => {
      if (++done === total) resolve();
    };
    const timer = setInterval(() => {
      const due = Math.min(total, Math.floor(((performance.now() - start) / 1_000) * rate));
      while (sent < due) {
        const dueAt = start + (sent / rate) * 1_000;
        const { kind, ...message } = next(sent++);
        send({ agent, origin, timeoutMs, ...message }).then(
          (status) => {
            if (status === 200) push(latencies, kind, performance.now() - dueAt);
            else count(failures, `${kind} ${status}`);
            finish();
          },
          (error) => {
            count(failures, `${kind} ${error.code ?? error.message}`);
            finish();
          },
        );
      }
      if (sent === total) clearInterval(timer);
    }, TICK_MS);
  });
  agent.destroy();
  const elapsed = (performance.now() - start) / 1_000;
  return { latencies, failures: Object.fromEntries(failures), rate: total / elapsed };
}

function send({ agent, origin, timeoutMs, method, path, body }) {
  return new Promise((resolve, reject) => {
    const headers = body
      ? { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }
      : undefined;
    const message = request(origin + path, { agent, method, headers, timeout: timeoutMs }, (response) => {
      response.on('data', () => undefined);
      response.on('end', () => resolve(response.statusCode));
      response.on('error', reject);
    });
    message.on('error', reject);
    message.on('timeout', () => message.destroy(new Error('timeout')));
    message.end(body);
  });
}

/** The value that a share of the sorted values does not pass. */
export function quantile(values, share) {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;
}

function push(map, key, value) {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

const count = (map, key) => map.set(key, (map.get(key) ?? 0) + 1);
