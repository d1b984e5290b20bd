/**
 * One image model over HTTP, beside the usual Python server: `vitrine serve-model` and FastAPI with Keras answer the
 * same requests with the same network, one after the other.
 *
 *   pnpm bench:image-serving --model DIR --photos DIR [--seconds 15] [--connections 8] [--only ours|keras]
 *
 * DIR of --model is a package that train-image wrote. Each request is one photo as base64; both sides decode, crop the
 * white border, resize, run the network and calibrate. TensorFlow is installed from PyPI into a virtual environment
 * outside the project, once.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { machineLine } from './machine.mjs';
import { cpuSeconds, peakMb } from './image/process-usage.mjs';
import { pythonWith } from './python-venv.mjs';

const MAX_PHOTOS = 200;
const START_TIMEOUT_MS = 180_000;
const WARM_UP = 30;

const { values: options } = parseArgs({
  options: {
    model: { type: 'string' },
    photos: { type: 'string' },
    seconds: { type: 'string', default: '15' },
    connections: { type: 'string', default: '8' },
    only: { type: 'string' },
  },
});
if (!options.model || !options.photos)
  throw new Error('--model (a package) and --photos (a folder) are needed');
const fromHere = (path) => resolve(process.env.INIT_CWD ?? '.', path);
const [model, photoDir] = [fromHere(options.model), fromHere(options.photos)];
const [seconds, connections] = [Number(options.seconds), Number(options.connections)];
const python =
  options.only === 'ours'
    ? null
    : await pythonWith('keras-server-2.21.0', [
        'tensorflow-cpu==2.21.0',
        'onnx==1.23.2',
        'fastapi==0.165.0',
        'uvicorn[standard]==0.54.0',
        'pillow==13.0.0',
      ]);

console.log(`\n${machineLine()}\n`);
const names = readdirSync(photoDir).filter((name) => /\.(jpe?g|png|webp)$/i.test(name));
const step = Math.max(1, Math.floor(names.length / MAX_PHOTOS));
const bodies = names
  .filter((_, i) => i % step === 0)
  .slice(0, MAX_PHOTOS)
  .map((name) => {
    const image = readFileSync(join(photoDir, name)).toString('base64');
    return Buffer.from(JSON.stringify({ dataframe_records: [{ image }] }));
  });

const results = {};
const keras = (way) => (port) => [
  join(import.meta.dirname, 'image', 'keras-server.py'),
  ...[model, port, way],
];
if (python) {
  results['Keras, model.predict'] = await bench(python, keras('predict'));
  results['Keras, tf.function'] = await bench(python, keras('function'));
}
if (options.only !== 'keras')
  results.Vitrine = await bench(process.execPath, (port) => [
    join(import.meta.dirname, '../training/dist/main.js'),
    ...['serve-model', '--model-uri', model, '--port', port],
  ]);
printTable();

async function bench(command, argsFor) {
  const port = await freePort();
  const child = spawn(command, argsFor(String(port)), { stdio: ['ignore', 'ignore', 'inherit'] });
  const endWithParent = () => child.kill('SIGKILL');
  process.once('exit', endWithParent);
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  try {
    await waitUntilReady(child, port, agent);
    for (let i = 0; i < WARM_UP; i++) await ask(port, agent, i);
    const answers = [];
    const times = [];
    for (const i of bodies.keys()) {
      const start = performance.now();
      answers.push(await ask(port, agent, i));
      times.push(performance.now() - start);
    }
    const cpu = cpuSeconds(child.pid);
    const start = performance.now();
    let count = 0;
    const until = start + seconds * 1000;
    await Promise.all(
      Array.from({ length: connections }, async () => {
        while (performance.now() < until) await ask(port, agent, count++);
      }),
    );
    const elapsed = (performance.now() - start) / 1000;
    times.sort((a, b) => a - b);
    return {
      answers,
      p50: times[Math.floor(times.length * 0.5)],
      p95: times[Math.floor(times.length * 0.95)],
      rate: count / elapsed,
      cpuMs: ((cpuSeconds(child.pid) - cpu) * 1000) / count,
      peak: peakMb(child.pid),
    };
  } finally {
    agent.destroy();
    process.off('exit', endWithParent);
    const closed = once(child, 'close');
    child.kill('SIGTERM');
    await closed;
  }
}

async function waitUntilReady(child, port, agent) {
  const deadline = performance.now() + START_TIMEOUT_MS;
  for (;;) {
    if (child.exitCode !== null) throw new Error(`The server ended with ${child.exitCode}`);
    const ready = await ask(port, agent, 0).catch(() => null);
    if (ready) return;
    if (performance.now() > deadline) throw new Error('The server did not start');
    await new Promise((done) => setTimeout(done, 250));
  }
}

/** Sends one photo and reads its probabilities. */
function ask(port, agent, i) {
  const body = bodies[i % bodies.length];
  return new Promise((done, fail) => {
    const headers = { 'content-type': 'application/json', 'content-length': body.length };
    const sent = request({ port, host: '127.0.0.1', path: '/invocations', method: 'POST', agent, headers });
    sent.on('error', fail);
    sent.on('response', (response) => {
      const chunks = [];
      response.on('error', fail);
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        if (response.statusCode !== 200) fail(new Error(`${response.statusCode}: ${text.slice(0, 500)}`));
        else done(JSON.parse(text).predictions[0]);
      });
    });
    sent.end(body);
  });
}

function printTable() {
  const sides = Object.keys(results);
  const rows = [
    ['one connection, p50 ms', ({ p50 }) => p50.toFixed(1)],
    ['one connection, p95 ms', ({ p95 }) => p95.toFixed(1)],
    [`${connections} connections, photos/s`, ({ rate }) => rate.toFixed(1)],
    ['CPU ms a photo', ({ cpuMs }) => cpuMs.toFixed(1)],
    ['peak MB', ({ peak }) => peak.toFixed(0)],
  ];
  console.log(`${bodies.length} photos, ${seconds} s at ${connections} connections\n`);
  console.log(`| | ${sides.join(' | ')} |\n| --- | ${sides.map(() => '---:').join(' | ')} |`);
  for (const [name, read] of rows) {
    console.log(`| ${name} | ${sides.map((side) => read(results[side])).join(' | ')} |`);
  }
  const { Vitrine, ...peers } = results;
  const best = (row) => Object.entries(row).sort((a, b) => b[1] - a[1])[0][0];
  for (const [name, peer] of Object.entries(Vitrine ? peers : {})) {
    const agree = Vitrine.answers.filter((row, i) => best(row) === best(peer.answers[i])).length;
    console.log(
      `\nbeside ${name}: throughput ${(Vitrine.rate / peer.rate).toFixed(2)} ×, CPU time a photo ` +
        `${(Vitrine.cpuMs / peer.cpuMs).toFixed(2)} ×; the same category for ${agree} of ${bodies.length} photos ` +
        '(decoders and resizing filters differ slightly)',
    );
  }
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}
