import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { text } from 'node:stream/consumers';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { inspect } from 'node:util';
import { MlflowClient } from './mlflow-client.js';
import { credentialsFromEnvironment, type ServerOptions } from './server-options.js';

type Handler = (request: IncomingMessage, response: ServerResponse, count: number) => void;

/** What an MLflow server cannot be made to do on demand: a plain HTTP server that misbehaves. */
describe('MlflowClient against a server that misbehaves', () => {
  let server: Server;
  let handler: Handler;
  let requests: string[];
  let dir: string;

  beforeEach(async () => {
    requests = [];
    server = createServer((request, response) => {
      requests.push(`${request.method} ${request.url?.split('?')[0]}`);
      handler(request, response, requests.length);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    dir = await mkdtemp(join(tmpdir(), 'vitrine-faults-'));
  });
  afterEach(async () => {
    server.closeAllConnections();
    server.close();
    await rm(dir, { recursive: true, force: true });
  });

  const address = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = (options: Partial<ServerOptions> = {}) =>
    new MlflowClient({ trackingUri: address(), retryDelayMs: 5, ...options });
  const json = (response: ServerResponse, status: number, body: unknown, headers = {}) =>
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
  const run = { run: { info: { run_id: 'a', experiment_id: '1' } } };

  it.each([500, 502, 503, 504, 429])('asks again after %d', async (status) => {
    handler = (_request, response, count) =>
      count < 3 ? json(response, status, { error_code: 'X' }) : json(response, 200, run);
    expect((await client().runs.get('a')).runId).toBe('a');
    expect(requests).toHaveLength(3);
  });

  it('asks again after a broken connection', async () => {
    handler = (request, response, count) => (count < 3 ? request.socket.destroy() : json(response, 200, run));
    expect((await client().runs.get('a')).runId).toBe('a');
  });

  it('gives up after its retries, with the server’s own code and words', async () => {
    handler = (_request, response) =>
      json(response, 503, { error_code: 'TEMPORARILY_UNAVAILABLE', message: 'The database sleeps' });
    await expect(client({ retries: 2 }).runs.get('a')).rejects.toMatchObject({
      name: 'ServerError',
      code: 'TEMPORARILY_UNAVAILABLE',
      serverCode: 'TEMPORARILY_UNAVAILABLE',
      status: 503,
      message: expect.stringContaining('The database sleeps') as string,
    });
    expect(requests).toHaveLength(3);
  });

  it('never repeats what would be done twice', async () => {
    handler = (_request, response) => json(response, 503, {});
    await expect(client().runs.create({ experimentId: '1', name: 'r' })).rejects.toMatchObject({
      status: 503,
    });
    await expect(client().modelVersions.create({ name: 'n', source: 's' })).rejects.toMatchObject({
      status: 503,
    });
    expect(requests).toHaveLength(2);
  });

  it.each([400, 401, 403, 404, 501])('does not ask again after %d', async (status) => {
    handler = (_request, response) => json(response, status, {});
    await expect(client().runs.get('a')).rejects.toMatchObject({ status });
    expect(requests).toHaveLength(1);
  });

  it('waits as long as Retry-After asks', async () => {
    handler = (_request, response, count) =>
      count === 1 ? json(response, 429, {}, { 'retry-after': '1' }) : json(response, 200, run);
    const started = Date.now();
    await client().runs.get('a');
    expect(Date.now() - started).toBeGreaterThanOrEqual(990);
  });

  it('does not wait for a server that asks for an hour', async () => {
    handler = (_request, response) => json(response, 503, {}, { 'retry-after': '3600' });
    await expect(client().runs.get('a')).rejects.toMatchObject({ status: 503, retryAfterMs: 3_600_000 });
  });

  it('ends a wait and a call when it is told to', async () => {
    handler = (_request, response) => json(response, 503, {}, { 'retry-after': '30' });
    const controller = new AbortController();
    const call = client().runs.get('a', { signal: controller.signal });
    call.catch(() => undefined);
    await wait(50);
    controller.abort(new Error('enough'));
    await expect(call).rejects.toThrow('enough');
    expect(requests).toHaveLength(1);
  });

  it('cancels a call that takes too long, once', async () => {
    let closed = false;
    handler = (request) => request.socket.on('close', () => (closed = true));
    const call = client({ timeoutMs: 50 }).runs.get('a');
    await expect(call).rejects.toMatchObject({
      code: 'TEMPORARILY_UNAVAILABLE',
      message: expect.stringContaining('within 50 ms') as string,
    });
    await wait(50);
    expect([closed, requests.length]).toEqual([true, 1]);
  });

  it('cancels a transfer that stands still, not one that is slow', async () => {
    const file = join(dir, 'f');
    await writeFile(file, Buffer.alloc(40));
    handler = (request) => request.pause();
    const stuck = client({ transferTimeoutMs: 60, retries: 0 });
    await expect(stuck.artifacts.upload('mlflow-artifacts:/r', 'f', file)).rejects.toMatchObject({
      code: 'TEMPORARILY_UNAVAILABLE',
    });
    handler = (_request, response) => {
      response.writeHead(200, { 'content-length': '40' });
      let left = 40;
      const timer = setInterval(() => {
        response.write('x'.repeat(4));
        if ((left -= 4) > 0) return;
        clearInterval(timer);
        response.end();
      }, 30);
    };
    const slow = client({ transferTimeoutMs: 200 });
    await slow.artifacts.download('mlflow-artifacts:/r', 'f', join(dir, 'slow'));
    expect(await readFile(join(dir, 'slow'), 'utf8')).toBe('x'.repeat(40));
  });

  it('downloads again what was cut off, and leaves no half file', async () => {
    handler = (_request, response, count) => {
      response.writeHead(200, { 'content-length': '10' });
      if (count < 3) response.write('12345', () => response.destroy());
      else response.end('0123456789');
    };
    const target = join(dir, 'deep/file');
    const received = await client().artifacts.download('mlflow-artifacts:/r', 'f', target);
    expect(received.size).toBe(10);
    expect(await readFile(target, 'utf8')).toBe('0123456789');
    handler = (_request, response) =>
      response.writeHead(200, { 'content-length': '10' }).write('12345', () => response.destroy());
    await expect(
      client({ retries: 1 }).artifacts.download('mlflow-artifacts:/r', 'f', join(dir, 'deep/other')),
    ).rejects.toMatchObject({ code: 'TEMPORARILY_UNAVAILABLE' });
    expect(await readdir(join(dir, 'deep'))).toEqual(['file']);
  });

  it('uploads a large file in parts, a part that fails again, and without the credentials', async () => {
    const file = join(dir, 'large');
    await writeFile(file, '0123456789abc');
    const parts = new Map<string, string>();
    let completed: unknown;
    handler = (request, response) => {
      void text(request).then((body) => {
        const [path = '', query = ''] = (request.url ?? '').split('?');
        if (path.endsWith('/create/r/deep')) {
          const credentials = [1, 2, 3].map((n) => ({
            part_number: n,
            url: `${address()}/storage?n=${n}`,
            headers: { 'x-signed': 'yes' },
          }));
          json(response, 200, { upload_id: 'u1', credentials });
        } else if (path === '/storage') {
          const isFirst = !parts.has(query);
          parts.set(query, body);
          const { authorization, 'x-signed': signed } = request.headers;
          if (query === 'n=2' && isFirst) response.writeHead(503).end();
          else
            response.writeHead(200, { etag: `"${query} ${String(signed)} ${authorization ?? '-'}"` }).end();
        } else {
          completed = JSON.parse(body);
          json(response, 200, {});
        }
      });
    };
    const credentials = { kind: 'bearer', token: 'secret' } as const;
    const inParts = client({ multipartThreshold: 10, partSize: 5, credentials });
    const sent = await inParts.artifacts.upload('mlflow-artifacts:/r', 'deep/large', file);
    expect(sent.size).toBe(13);
    expect(Object.fromEntries(parts)).toEqual({ 'n=1': '01234', 'n=2': '56789', 'n=3': 'abc' });
    expect(completed).toEqual({
      path: 'large',
      upload_id: 'u1',
      parts: [1, 2, 3].map((n) => ({
        part_number: n,
        url: `${address()}/storage?n=${n}`,
        etag: `"n=${n} yes -"`,
      })),
    });
  });

  it('gives up an upload in parts whose part cannot be sent', async () => {
    const file = join(dir, 'large');
    await writeFile(file, '0123456789');
    handler = (request, response) => {
      request.resume();
      const created = {
        upload_id: 'u',
        credentials: [{ part_number: 1, url: `${address()}/storage?signature=secret` }],
      };
      if (request.url?.startsWith('/storage')) response.writeHead(403).end('expired');
      else json(response, 200, created);
    };
    const inParts = client({ multipartThreshold: 1, partSize: 100 });
    const upload = inParts.artifacts.upload('mlflow-artifacts:/r', 'large', file);
    const error: unknown = await upload.catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'PERMISSION_DENIED' });
    expect(inspect(error)).not.toContain('secret');
    expect(requests.map((request) => request.split('/').slice(-2)[0])).toEqual(['create', 'PUT ', 'abort']);
  });

  it('refuses a download whose content is another', async () => {
    handler = (_request, response) => response.end('0123456789');
    const target = join(dir, 'file');
    await expect(
      client().artifacts.download('mlflow-artifacts:/r', 'f', target, { sha256: 'a'.repeat(64) }),
    ).rejects.toThrow(/its SHA-256 is 84d89877/);
    expect(existsSync(target)).toBe(false);
  });

  it('says that an address is not an MLflow server’s', async () => {
    handler = (_request, response) => response.end('<html>hello</html>');
    await expect(client().ping()).rejects.toThrow(/is the address that of an MLflow server/);
    handler = (_request, response) => response.writeHead(404).end('<h1>Not here</h1>');
    await expect(client().ping()).rejects.toThrow(/404: Not here/);
    handler = (_request, response) => response.writeHead(302, { location: 'http://elsewhere' }).end();
    await expect(client().ping()).rejects.toThrow(/redirect/);
    expect(() => new MlflowClient({ trackingUri: 'ftp://x' })).toThrow(/not an http/);
  });

  it('sends credentials to the server and shows them to nobody', async () => {
    const headers: (string | undefined)[] = [];
    handler = (request, response) => {
      headers.push(request.headers.authorization);
      json(response, 401, { message: 'who are you' });
    };
    const inAddress = address().replace('//', '//ann:p%40ss@');
    const clients = [
      client({ trackingUri: inAddress }),
      client({ credentials: { kind: 'basic', username: 'ann', password: 'p@ss' } }),
      client({ credentials: { kind: 'bearer', token: 'p@ss' } }),
    ];
    for (const one of clients) {
      const error: unknown = await one.runs.get('a').catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: 'UNAUTHENTICATED', status: 401 });
      const shown = `${inspect(error, { depth: 9 })} ${one.location}`;
      expect(shown).not.toMatch(/p@ss|p%40ss|cEBzcw|YW5u/);
    }
    const basic = `Basic ${Buffer.from('ann:p@ss').toString('base64')}`;
    expect(headers).toEqual([basic, basic, 'Bearer p@ss']);
  });

  it('says who cannot be reached', async () => {
    const gone = client({ trackingUri: 'http://u:secret@127.0.0.1:1/x', retries: 1 });
    const error: unknown = await gone.runs.get('a').catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'TEMPORARILY_UNAVAILABLE', status: null });
    expect(String(error)).toContain('http://127.0.0.1:1/x cannot be reached');
    expect(inspect(error)).not.toContain('secret');
  });
});

describe('credentialsFromEnvironment', () => {
  const basic = { MLFLOW_TRACKING_USERNAME: 'u', MLFLOW_TRACKING_PASSWORD: 'p' };
  it.each([
    [{}, undefined],
    [{ MLFLOW_TRACKING_USERNAME: 'u' }, undefined],
    [basic, { kind: 'basic', username: 'u', password: 'p' }],
    [{ MLFLOW_TRACKING_TOKEN: 't' }, { kind: 'bearer', token: 't' }],
    [
      { ...basic, MLFLOW_TRACKING_TOKEN: 't' },
      { kind: 'basic', username: 'u', password: 'p' },
    ],
  ])('reads %j', (env, expected) => expect(credentialsFromEnvironment(env)).toEqual(expected));
});
