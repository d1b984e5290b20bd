import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  describeWithServer,
  START_TIMEOUT_MS,
  startMlflowServer,
  type TestServer,
} from '../test-support/mlflow-server.js';
import { writeModelFolder } from '../test-support/model-folder.js';
import { runPython } from '../test-support/python.js';
import { MlflowClient } from './mlflow-client.js';
import { openServerStore } from './server-store.js';

const MEBIBYTE = 2 ** 20;

describeWithServer('MlflowClient on a real server', () => {
  let server: TestServer;
  let client: MlflowClient;
  let dir: string;

  beforeAll(async () => {
    server = await startMlflowServer();
    client = new MlflowClient({ trackingUri: server.url });
  }, START_TIMEOUT_MS);
  afterAll(() => server?.stop());
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'vitrine-client-'));
  });
  afterEach(() => rm(dir, { recursive: true, force: true }));

  const newRun = async () => {
    const experimentId = await client.experiments.ensure(`e ${randomUUID()}`);
    return client.runs.create({ experimentId, name: 'r' });
  };

  it('gives concurrent callers one experiment', async () => {
    const name = `e ${randomUUID()}`;
    const ids = await Promise.all(Array.from({ length: 6 }, () => client.experiments.ensure(name)));
    expect(new Set(ids).size).toBe(1);
    await client.experiments.setTag(ids[0]!, 'owner', 'catalogue');
    expect(await client.experiments.findByName(name)).toMatchObject({
      experimentId: ids[0],
      lifecycleStage: 'active',
      tags: { owner: 'catalogue' },
    });
    const listed = await client.experiments.search({ filter: `name = '${name}'` });
    expect(listed.map((experiment) => experiment.name)).toEqual([name]);
    await expect(client.experiments.create({ name })).rejects.toMatchObject({
      code: 'RESOURCE_ALREADY_EXISTS',
      serverCode: 'RESOURCE_ALREADY_EXISTS',
    });
  });

  it('searches runs by what they measured', async () => {
    const experimentId = await client.experiments.ensure(`e ${randomUUID()}`);
    for (const f1 of [0.7, 0.9, 0.8]) {
      const { runId } = await client.runs.create({ experimentId, name: String(f1) });
      await client.runs.logBatch(runId, {
        metrics: [{ key: 'f1', value: f1, step: 3, timestamp: 5 }],
        params: { seed: '42' },
        tags: { kind: 'a' },
      });
    }
    const query = { experimentIds: [experimentId], filter: 'metrics.f1 > 0.75' };
    const found = await client.runs.search({ ...query, orderBy: ['metrics.f1 DESC'] });
    expect(found.map((run) => run.name)).toEqual(['0.9', '0.8']);
    expect(found[0]).toMatchObject({
      metrics: [{ key: 'f1', value: 0.9, step: 3, timestamp: 5 }],
      params: { seed: '42' },
      lifecycleStage: 'active',
    });
    expect(await client.runs.search({ ...query, limit: 1 })).toHaveLength(1);
    await client.runs.delete(found[0]!.runId);
    expect(await client.runs.search(query)).toHaveLength(1);
    await expect(client.runs.search({ ...query, filter: 'nonsense' })).rejects.toMatchObject({
      code: 'INVALID_PARAMETER_VALUE',
    });
  });

  it('reads every page', async () => {
    const run = await newRun();
    const { experimentId, runId } = run;
    const names = Array.from({ length: 60 }, (_, i) => `m${i}`);
    for (const name of names) await client.loggedModels.create({ experimentId, name, sourceRunId: runId });
    const all = await client.loggedModels.search({ experimentIds: [experimentId] });
    expect(all.map((model) => model.name).sort()).toEqual([...names].sort());
    const some = await client.loggedModels.search({ experimentIds: [experimentId], limit: 55 });
    expect(some).toHaveLength(55);
  });

  it('keeps a logged model with parameters, tags and metrics', async () => {
    const { experimentId, runId } = await newRun();
    const { modelId, status } = await client.loggedModels.create({
      experimentId,
      name: 'model',
      sourceRunId: runId,
      params: { seed: '1' },
      tags: { a: 'b' },
    });
    expect(status).toBe('PENDING');
    await client.loggedModels.logParams(modelId, { epochs: '3' });
    await client.loggedModels.setTags(modelId, { c: 'd' });
    await client.runs.logBatch(runId, {
      metrics: [{ key: 'f1', value: 0.5, step: 1, timestamp: 2, modelId }],
    });
    await client.runs.logOutputs(runId, [{ modelId, step: 1 }]);
    await client.loggedModels.finalize(modelId, 'READY');
    expect(await client.loggedModels.get(modelId)).toMatchObject({
      status: 'READY',
      sourceRunId: runId,
      params: { seed: '1', epochs: '3' },
      tags: { a: 'b', c: 'd' },
      metrics: [{ key: 'f1', value: 0.5, step: 1, timestamp: 2 }],
    });
    expect((await client.runs.get(runId)).modelIds).toEqual([modelId]);
    await client.loggedModels.delete(modelId);
    await expect(client.loggedModels.get(modelId)).rejects.toMatchObject({
      code: 'RESOURCE_DOES_NOT_EXIST',
    });
  });

  it('speaks of stages where a server still has them, and of descriptions', async () => {
    const { runId, artifactUri } = await newRun();
    await writeFile(join(dir, 'f'), 'x');
    await client.artifacts.uploadTree(artifactUri, 'model', join(dir, 'f'));
    const name = `staged ${randomUUID()}`;
    await client.registeredModels.create({ name, description: 'first' });
    const source = `${artifactUri}/model`;
    const { version, stage } = await client.modelVersions.create({ name, source, runId });
    expect(stage).toBe('None');
    await client.modelVersions.setStage(name, version, 'Production');
    await client.modelVersions.setDescription(name, version, 'better');
    expect(await client.modelVersions.get(name, version)).toMatchObject({
      stage: 'Production',
      description: 'better',
      source,
      modelId: null,
    });
    expect((await client.registeredModels.find(name))?.description).toBe('first');
    await client.modelVersions.delete(name, version);
    await client.registeredModels.delete(name);
    expect(await client.registeredModels.find(name)).toBeNull();
  });

  it('streams a large file both ways, in little memory', async () => {
    const { artifactUri } = await newRun();
    const file = join(dir, 'large.bin');
    const size = 200 * MEBIBYTE;
    const expected = await writeLarge(file, size);
    // The server keeps files in a folder, which takes no parts: it falls back to one piece.
    const inParts = new MlflowClient({ trackingUri: server.url, multipartThreshold: MEBIBYTE });
    const peak = watchMemory();
    const sent = await inParts.artifacts.upload(artifactUri, 'deep/large.bin', file, { sha256: expected });
    const received = await client.artifacts.download(artifactUri, 'deep/large.bin', join(dir, 'back.bin'));
    expect(peak()).toBeLessThan(100 * MEBIBYTE);
    expect([sent, received]).toEqual([
      { size, sha256: expected },
      { size, sha256: expected },
    ]);
    expect((await stat(join(dir, 'back.bin'))).size).toBe(size);
    expect(await client.artifacts.findFile(artifactUri, 'deep/large.bin')).toEqual({
      path: 'deep/large.bin',
      size,
    });
  }, 120_000);

  it('refuses a file whose content is not what was announced', async () => {
    const { artifactUri } = await newRun();
    await writeFile(join(dir, 'f'), 'x');
    await expect(
      client.artifacts.upload(artifactUri, 'f', join(dir, 'f'), { sha256: 'a'.repeat(64) }),
    ).rejects.toMatchObject({ code: 'INVALID_PARAMETER_VALUE' });
    await expect(client.artifacts.list('s3://bucket/x')).rejects.toThrow(/--serve-artifacts/);
  });

  it('is read by MLflow’s own Python client', async () => {
    const store = openServerStore({ trackingUri: server.url });
    const experiment = `interop ${randomUUID()}`;
    const name = `text ${randomUUID()}`;
    const { runId } = await store.createRun({ experiment, name: 'été', tags: { modality: 'text' } });
    await store.logParams(runId, { seed: '42', 'learning rate': '0.1' });
    await store.logMetrics(
      runId,
      [3, 2, 1].map((value, step) => ({ key: 'loss', value, step, timestamp: 1_000 + step })),
    );
    await store.logDatasets(runId, [{ name: 'demo', digest: 'abc', source: '/demo', context: 'training' }]);
    await mkdir(join(dir, 'plots'));
    await writeFile(join(dir, 'plots/history.csv'), 'epoch,loss\n0,3\n');
    await store.logArtifacts(runId, join(dir, 'plots'), 'plots');
    await writeModelFolder(join(dir, 'model'), runId);
    await store.logArtifacts(runId, join(dir, 'model'), 'model');
    await store.finishRun(runId, 'FINISHED');
    await store.createVersion({ name, runId, artifactPath: 'model', tags: { f1: '0.9' } });
    await store.setAlias(name, 'production', 1);

    const answer = await runPython<Record<string, unknown>>(server.url, READ_WITH_PYTHON, [
      experiment,
      name,
      runId,
    ]);
    expect(answer).toEqual({
      runs: [
        {
          run_id: runId,
          status: 'FINISHED',
          'params.seed': '42',
          'params.learning rate': '0.1',
          'metrics.loss': 1,
          'tags.modality': 'text',
          'tags.mlflow.runName': 'été',
        },
      ],
      history: [
        [0, 1000, 3],
        [1, 1001, 2],
        [2, 1002, 1],
      ],
      dataset: ['demo', 'abc', 'training'],
      version: { version: '1', run_id: runId, tags: { f1: '0.9' }, aliases: ['production'], is_logged: true },
      artifacts: ['model', 'plots'],
      plot: 'epoch,loss\n0,3\n',
      from_run: 'weights',
      from_registry: 'weights',
      info: {
        run_id: runId,
        flavors: ['vitrine'],
        inputs: ['designation', 'description'],
        outputs: ['10', '2280'],
        example: { columns: ['designation', 'description'], data: [['Un livre', 'Relié, 300 pages']] },
        utc: '2026-01-02 03:04:05.678',
      },
      logged: { name: 'model', status: 'READY', params: { seed: '42', 'learning rate': '0.1' }, loss: 1 },
    });
  }, 120_000);

  it('reads what MLflow’s own Python client wrote', async () => {
    const store = openServerStore({ trackingUri: server.url });
    const experiment = `from python ${randomUUID()}`;
    const name = `python ${randomUUID()}`;
    const { runId } = await runPython<{ runId: string }>(server.url, WRITE_WITH_PYTHON, [experiment, name]);
    const run = await store.getRun(runId);
    expect(run).toMatchObject({ experiment, params: { a: '1' }, metrics: { b: 2.5 }, status: 'FINISHED' });
    expect(await store.listArtifacts(runId)).toEqual(
      expect.arrayContaining(['note.txt', 'model/MLmodel', 'model/python_model.pkl']),
    );
    const version = await store.findVersionByAlias(name, 'staging');
    expect(version).toMatchObject({ version: 1, runId, source: `runs:/${runId}/model` });
    await store.downloadVersion(name, 1, join(dir, 'python'));
    expect(await readFile(join(dir, 'python/MLmodel'), 'utf8')).toContain('python_function');
  }, 120_000);
});

const READ_WITH_PYTHON = `
import json, sys, mlflow
from mlflow import MlflowClient
experiment, name, run_id = sys.argv[1:]
client = MlflowClient()
columns = ["run_id", "status", "params.seed", "params.learning rate", "metrics.loss", "tags.modality", "tags.mlflow.runName"]
runs = mlflow.search_runs(experiment_names=[experiment])
version = client.get_model_version_by_alias(name, "production")
info = mlflow.models.get_model_info(f"models:/{name}@production")
run = client.get_run(run_id)
[dataset_input] = run.inputs.dataset_inputs
[logged] = mlflow.search_logged_models(experiment_ids=[run.info.experiment_id], output_format="list")
def text(uri):
    with open(mlflow.artifacts.download_artifacts(uri)) as file:
        return file.read()
model = mlflow.artifacts.download_artifacts(f"models:/{name}/1")
from_run = mlflow.artifacts.download_artifacts(f"runs:/{run_id}/model")
print(json.dumps({
    "runs": json.loads(runs[columns].to_json(orient="records")),
    "history": sorted([m.step, m.timestamp, m.value] for m in client.get_metric_history(run_id, "loss")),
    "dataset": [dataset_input.dataset.name, dataset_input.dataset.digest, dataset_input.tags[0].value],
    "version": {"version": version.version, "run_id": version.run_id, "tags": version.tags, "aliases": list(version.aliases),
        "is_logged": version.source == f"models:/{logged.model_id}"},
    "artifacts": sorted({a.path.split("/")[0] for p in (None, "model") for a in mlflow.artifacts.list_artifacts(f"runs:/{run_id}/{p or ''}")}),
    "plot": text(f"runs:/{run_id}/plots/history.csv"),
    "from_run": open(f"{from_run}/processors/words.bin").read(),
    "from_registry": open(f"{model}/processors/words.bin").read(),
    "info": {"run_id": info.run_id, "flavors": list(info.flavors), "inputs": info.signature.inputs.input_names(),
        "outputs": info.signature.outputs.input_names(), "utc": info.utc_time_created,
        "example": json.load(open(f"{model}/{info.saved_input_example_info['artifact_path']}"))},
    "logged": {"name": logged.name, "status": str(logged.status), "params": logged.params,
        "loss": next(m.value for m in logged.metrics if m.key == "loss")},
}))
`;

const WRITE_WITH_PYTHON = `
import json, sys, mlflow
from mlflow import MlflowClient
experiment, name = sys.argv[1:]
mlflow.set_experiment(experiment)
class Echo(mlflow.pyfunc.PythonModel):
    def predict(self, context, model_input, params=None):
        return model_input
with mlflow.start_run() as run:
    mlflow.log_param("a", 1)
    mlflow.log_metric("b", 2.5)
    mlflow.log_text("hello", "note.txt")
    mlflow.pyfunc.log_model(name="model", python_model=Echo(), registered_model_name=name, pip_requirements=["mlflow"])
MlflowClient().set_registered_model_alias(name, "staging", 1)
print(json.dumps({"runId": run.info.run_id}))
`;

/** Writes a file of no repeating content; resolves with its SHA-256. */
async function writeLarge(file: string, size: number): Promise<string> {
  const hash = createHash('sha256');
  const stream = createWriteStream(file);
  const chunk = Buffer.alloc(MEBIBYTE);
  for (let written = 0; written < size; written += chunk.length) {
    chunk.writeUInt32LE(written, (written / MEBIBYTE) * 4);
    hash.update(chunk);
    if (!stream.write(Buffer.from(chunk))) await once(stream, 'drain');
  }
  stream.end();
  await once(stream, 'close');
  return hash.digest('hex');
}

/** The growth of the memory of this process's buffers since now, at its highest. */
function watchMemory(): () => number {
  const used = () => process.memoryUsage().arrayBuffers;
  const start = used();
  let peak = 0;
  const timer = setInterval(() => (peak = Math.max(peak, used() - start)), 20);
  return () => {
    clearInterval(timer);
    return peak;
  };
}
