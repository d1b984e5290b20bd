import { HttpException, NotFoundException } from '@nestjs/common';
import { QueryFailedError } from 'typeorm';
import { AppError } from './app.error.js';
import { buildProblem } from './build-problem.js';
import { toAppError } from './to-app-error.js';
import { toFieldErrors } from './validation.pipe.js';

const queryFailed = (driverError: object): QueryFailedError =>
  new QueryFailedError('SELECT secret', [], Object.assign(new Error('driver'), driverError));

describe('toAppError', () => {
  it.each<[string, unknown, string, number]>([
    ['an error of the catalogue', new AppError('email-taken'), 'email-taken', 409],
    ['an unknown route', new NotFoundException('Cannot GET /x'), 'not-found', 404],
    ['a status without a code of its own', new HttpException('I am a teapot', 418), 'bad-request', 400],
    ['a unique violation', queryFailed({ code: '23505', constraint: 'x' }), 'conflict', 409],
    ['a lost connection', queryFailed({ code: '57P01' }), 'database-unavailable', 503],
    [
      'a refused connection',
      Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }),
      'database-unavailable',
      503,
    ],
    ['an exhausted pool', new Error('timeout exceeded when trying to connect'), 'database-unavailable', 503],
    ['an exception class 08', queryFailed({ code: '08006' }), 'database-unavailable', 503],
    ['an SQL error', queryFailed({ code: '42P01' }), 'internal-error', 500],
    [
      'a missing file',
      Object.assign(new Error('no such file /etc/x'), { code: 'ENOENT', syscall: 'open' }),
      'internal-error',
      500,
    ],
    ['a bug', new TypeError('x is not a function'), 'internal-error', 500],
    ['something that is no error', 'boom', 'internal-error', 500],
    ['nothing at all', undefined, 'internal-error', 500],
  ])('knows %s', (_what, thrown, code, status) => {
    expect(toAppError(thrown)).toMatchObject({ code, status });
  });

  it('tells nothing of what went wrong inside', () => {
    const problem = buildProblem(toAppError(queryFailed({ code: '42P01' })), { traceId: 't' });

    expect(problem).toEqual({
      type: '/problems/internal-error',
      title: 'Something went wrong on our side',
      status: 500,
      code: 'internal-error',
      traceId: 't',
    });
  });

  it('knows each of several addresses that refused', () => {
    const error = new AggregateError([Object.assign(new Error('a'), { code: 'ECONNREFUSED' })]);

    expect(toAppError(error).code).toBe('database-unavailable');
  });
});

describe('toFieldErrors', () => {
  it('points into nested members and escapes their names', () => {
    const error = {
      property: 'items',
      children: [
        { property: '0', children: [{ property: 'a/b~ü', constraints: { isInt: 'must be an integer' } }] },
      ],
    };

    expect(toFieldErrors(error)).toEqual([
      { pointer: '#/items/0/a~1b~0%C3%BC', detail: 'must be an integer' },
    ]);
  });
});
