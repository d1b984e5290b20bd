import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const SCRIPT = join(import.meta.dirname, '../../../scripts/otel-collector.sh');
/** The first time it is compiled. */
const BUILD_TIMEOUT_MS = 10 * 60_000;

type Value = Record<string, unknown>;
interface Attribute {
  key: string;
  value: Value;
}

/** A span as the collector received it. */
export interface ReceivedSpan {
  traceId: string;
  spanId: string;
  parentSpanId: string;
  name: string;
  attributes: Record<string, unknown>;
}

interface TraceDocument {
  resourceSpans: {
    scopeSpans: { spans: (Omit<ReceivedSpan, 'attributes'> & { attributes?: Attribute[] })[] }[];
  }[];
}
interface MetricDocument {
  resourceMetrics: { scopeMetrics: { metrics: { name: string }[] }[] }[];
}

/** A real OpenTelemetry Collector, whose output is read. */
export class OtelCollector {
  private constructor(
    private readonly child: ChildProcess,
    readonly dir: string,
    readonly httpUrl: string,
    readonly grpcUrl: string,
  ) {}

  /** The collector's binary, built where that has not happened; null, said aloud, where it cannot be. */
  static findBinary(): string | null {
    const { status, stdout, stderr } = spawnSync(SCRIPT, ['--install-only'], {
      encoding: 'utf8',
      timeout: BUILD_TIMEOUT_MS,
    });
    const binary = stdout.trimEnd().split('\n').at(-1) ?? '';
    if (status === 0 && existsSync(binary)) return binary;
    process.stderr.write(`\nSKIPPED: the tests against an OpenTelemetry Collector:\n${stdout}${stderr}\n`);
    return null;
  }

  static async start(): Promise<OtelCollector> {
    const dir = await mkdtemp(join(tmpdir(), 'vitrine-otel-'));
    const [grpc, http] = [await findFreePort(), await findFreePort()];
    const args = ['--data-dir', dir, '--grpc-port', String(grpc), '--http-port', String(http)];
    const child = spawn(SCRIPT, args, { stdio: ['ignore', 'ignore', 'inherit'] });
    const collector = new OtelCollector(child, dir, `http://127.0.0.1:${http}`, `http://127.0.0.1:${grpc}`);
    for (let i = 0; i < 100; i++, await sleep(100)) {
      if (
        await fetch(collector.httpUrl).then(
          () => true,
          () => false,
        )
      )
        return collector;
    }
    throw new Error('The collector did not start');
  }

  async spans(): Promise<ReceivedSpan[]> {
    const documents = await this.read<TraceDocument>('traces');
    return documents
      .flatMap(({ resourceSpans }) => resourceSpans)
      .flatMap(({ scopeSpans }) => scopeSpans)
      .flatMap(({ spans }) => spans)
      .map(({ attributes = [], ...span }) => ({ ...span, attributes: toRecord(attributes) }));
  }

  /** Names of the metrics that arrived. */
  async metricNames(): Promise<Set<string>> {
    const documents = await this.read<MetricDocument>('metrics');
    return new Set(
      documents
        .flatMap(({ resourceMetrics }) => resourceMetrics)
        .flatMap(({ scopeMetrics }) => scopeMetrics)
        .flatMap(({ metrics }) => metrics)
        .map(({ name }) => name),
    );
  }

  /** Everything that arrived, as text. */
  async everything(): Promise<string> {
    const files = ['traces', 'metrics', 'logs'].map((name) => join(this.dir, `${name}.jsonl`));
    return (await Promise.all(files.map((file) => readFile(file, 'utf8').catch(() => '')))).join('\n');
  }

  async close(): Promise<void> {
    if (this.child.exitCode === null) {
      this.child.kill('SIGTERM');
      await once(this.child, 'exit');
    }
    await rm(this.dir, { recursive: true, force: true });
  }

  private async read<T>(name: string): Promise<T[]> {
    const text = await readFile(join(this.dir, `${name}.jsonl`), 'utf8').catch(() => '');
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as T);
  }
}

function toRecord(attributes: readonly Attribute[]): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
}

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
