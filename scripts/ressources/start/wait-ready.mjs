/**
 * `wait-ready.mjs URL PID SECONDS`: waits until the URL answers 200. Exits 1 when the process is gone, 2 when the time
 * is over; what is missing goes to standard error then.
 */
import { setTimeout as delay } from 'node:timers/promises';

const [url, pid, seconds] = process.argv.slice(2);
const deadline = Date.now() + Number(seconds) * 1000;
let last = 'no answer';

while (Date.now() < deadline) {
  try {
    process.kill(Number(pid), 0);
  } catch {
    process.exit(1);
  }
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(5_000) });
    if (response.ok) process.exit(0);
    last = await response.text();
  } catch (error) {
    last = error.cause?.code ?? error.message;
  }
  await delay(100);
}
console.error(last);
process.exit(2);
