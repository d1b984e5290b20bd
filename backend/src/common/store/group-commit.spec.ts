import { GroupCommit, GroupCommitFullError, type GroupCommitOptions } from './group-commit.js';

/** A store whose statements are finished by hand. */
function buildStore(options: Partial<GroupCommitOptions<string>> = {}) {
  const statements: { rows: string[]; commit(): void; fail(error: Error): void }[] = [];
  const commits = new GroupCommit<string>({
    write: (rows) =>
      new Promise((resolve, reject) => statements.push({ rows: [...rows], commit: resolve, fail: reject })),
    isRowError: (error) => (error as Error).message === 'bad row',
    maxRows: 10,
    sizeOf: (row) => row.length,
    maxSize: 100,
    maxWaiting: 20,
    writers: 1,
    ...options,
  });
  return { statements, commits };
}

const turn = () => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));

describe('GroupCommit', () => {
  it('writes rows that come together in one statement', async () => {
    const { statements, commits } = buildStore();
    const all = Promise.all(['a', 'b', 'c'].map((row) => commits.add(row)));
    await turn();
    expect(statements.map(({ rows }) => rows)).toEqual([['a', 'b', 'c']]);
    statements[0]!.commit();
    await expect(all).resolves.toHaveLength(3);
  });

  it('collects what comes while a statement is in flight', async () => {
    const { statements, commits } = buildStore();
    const first = commits.add('a');
    await turn();
    const rest = [commits.add('b'), commits.add('c')];
    await turn();
    expect(statements).toHaveLength(1);
    statements[0]!.commit();
    await first;
    await turn();
    expect(statements[1]!.rows).toEqual(['b', 'c']);
    statements[1]!.commit();
    await Promise.all(rest);
  });

  it('answers nobody before the statement of their own row is done', async () => {
    const { statements, commits } = buildStore({ writers: 2 });
    let isDone = false;
    const first = commits.add('a');
    await turn();
    const second = commits.add('b').then(() => (isDone = true));
    await turn();
    statements[0]!.commit();
    await first;
    await turn();
    expect(isDone).toBe(false);
    statements[1]!.commit();
    await second;
  });

  it('bounds a statement by rows and by size, but never to nothing', async () => {
    const { statements, commits } = buildStore({ maxRows: 3, maxSize: 10 });
    const rows = ['aaaa', 'bbbb', 'cccc', 'd', 'e', 'f', 'g'.repeat(50), 'h'];
    const all = Promise.all(rows.map((row) => commits.add(row)));
    for (let i = 0; i < 5; i++) {
      await turn();
      statements[i]?.commit();
    }
    await all;
    expect(statements.map(({ rows: written }) => written)).toEqual([
      ['aaaa', 'bbbb'],
      ['cccc', 'd', 'e'],
      ['f'],
      ['g'.repeat(50)],
      ['h'],
    ]);
  });

  it('refuses what it cannot hold, and takes more once there is room', async () => {
    const { statements, commits } = buildStore({ maxWaiting: 2 });
    const held = [commits.add('a'), commits.add('b')];
    await expect(commits.add('c')).rejects.toBeInstanceOf(GroupCommitFullError);
    await turn();
    const later = commits.add('d');
    statements[0]!.commit();
    await Promise.all(held);
    await turn();
    statements[1]!.commit();
    await later;
  });

  it('tells everyone of a statement that failed, and goes on', async () => {
    const { statements, commits } = buildStore();
    const lost = Promise.allSettled([commits.add('a'), commits.add('b')]);
    await turn();
    statements[0]!.fail(new Error('connection lost'));
    expect((await lost).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    const next = commits.add('c');
    await turn();
    statements[1]!.commit();
    await next;
  });

  it('lets a row that is refused take no other one along', async () => {
    const { statements, commits } = buildStore();
    const all = Promise.allSettled(['a', 'bad', 'c'].map((row) => commits.add(row)));
    await turn();
    statements[0]!.fail(new Error('bad row'));
    for (const [i, error] of [null, new Error('bad row'), null].entries()) {
      await turn();
      if (error) statements[i + 1]!.fail(error);
      else statements[i + 1]!.commit();
    }
    expect((await all).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(statements.slice(1).map(({ rows }) => rows)).toEqual([['a'], ['bad'], ['c']]);
  });

  it('flushes when everything is written', async () => {
    const { statements, commits } = buildStore();
    await commits.flush();
    const row = commits.add('a');
    let isFlushed = false;
    const flushed = commits.flush().then(() => (isFlushed = true));
    await turn();
    expect(isFlushed).toBe(false);
    statements[0]!.commit();
    await Promise.all([row, flushed]);
  });
});
