import { randomFillSync } from 'node:crypto';

const POOL_BYTES = 10 * 512;
const pool = Buffer.alloc(POOL_BYTES);
let used = POOL_BYTES;

/**
 * A UUID version 7 (RFC 9562 §5.7): 48 bits of time in milliseconds, then 74 random bits. Later ids sort later, so
 * that an index on them grows at its end.
 *
 * @param now milliseconds since 1970
 */
export function uuidV7(now = Date.now()): string {
  if (used + 10 > POOL_BYTES) {
    // One call for many ids: a call each costs more than everything else here.
    randomFillSync(pool);
    used = 0;
  }
  const time = now.toString(16).padStart(12, '0');
  pool[used] = 0x70 | (pool.readUInt8(used) & 0x0f);
  pool[used + 2] = 0x80 | (pool.readUInt8(used + 2) & 0x3f);
  const tail = pool.toString('hex', used, used + 10);
  used += 10;
  return `${time.slice(0, 8)}-${time.slice(8)}-${tail.slice(0, 4)}-${tail.slice(4, 8)}-${tail.slice(8)}`;
}
