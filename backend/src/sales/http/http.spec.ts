import { chooseFormat } from './row-format.js';
import { rewriteRootRoute } from './root-routes.js';
import { SharedReads } from './shared-reads.js';

describe('rewriteRootRoute', () => {
  it.each([
    ['/post_sales', '/api/v1/post_sales'],
    ['/get_raw_sales/?limit=1', '/api/v1/get_raw_sales/?limit=1'],
    ['/init_db/', '/api/v1/init_db/'],
    ['/api/v1/post_sales', '/api/v1/post_sales'],
    ['/post_sales_all', '/post_sales_all'],
    ['/post_sales/x', '/post_sales/x'],
    ['/', '/'],
  ])('%s → %s', (from, to) => expect(rewriteRootRoute(from)).toBe(to));
});

describe('chooseFormat', () => {
  it.each([
    [undefined, 'json'],
    ['*/*', 'json'],
    ['text/csv', 'csv'],
    ['text/csv;q=0.5, application/json', 'json'],
    ['application/json;q=0.5, text/csv;q=0.9', 'csv'],
    ['text/csv;q=0', 'json'],
    ['text/html, TEXT/CSV', 'csv'],
  ] as const)('%s → %s', (accept, format) => expect(chooseFormat(accept)).toBe(format));
});

describe('SharedReads', () => {
  it('shares a read that has not begun, and never one that has', async () => {
    const reads = new SharedReads();
    let count = 0;
    const pending: (() => void)[] = [];
    const load = () =>
      new Promise<number>((resolve) => {
        const value = ++count;
        pending.push(() => resolve(value));
      });
    const first = reads.read('a', load);
    const later = [reads.read('a', load), reads.read('a', load)];
    const other = reads.read('b', load);
    expect(count).toBe(2);
    pending[0]!();
    expect(await first).toBe(1);
    while (count < 3) await new Promise((resolve) => setTimeout(resolve, 1));
    pending[1]!();
    pending[2]!();
    expect(await other).toBe(2);
    expect(await Promise.all(later)).toEqual([3, 3]);
  });

  it('tells a failure to those who share it, and reads again for others', async () => {
    const reads = new SharedReads();
    await expect(reads.read('a', () => Promise.reject(new Error('gone')))).rejects.toThrow('gone');
    await expect(reads.read('a', () => Promise.resolve(1))).resolves.toBe(1);
  });
});
