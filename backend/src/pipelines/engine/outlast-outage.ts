import { setTimeout as sleep } from 'node:timers/promises';
import { isDatabaseUnavailable } from '../../common/errors/database-errors.js';

const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 2_000;

/**
 * Does some work on the database, and does it again for as long as the database is away. The work must bear being done
 * twice: a commit may have reached the server although its answer was lost.
 *
 * @throws whatever is no outage, and the outage itself once `signal` has fired
 */
export async function outlastOutage<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  for (let wait = FIRST_WAIT_MS; ; wait = Math.min(wait * 2, LONGEST_WAIT_MS)) {
    try {
      return await work();
    } catch (error) {
      if (!isDatabaseUnavailable(error) || signal?.aborted) throw error;
      await sleep(wait, undefined, { signal }).catch(() => undefined);
    }
  }
}
