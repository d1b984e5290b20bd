import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { loadPredictor } from '@vitrine/inference';
import { trainTinyTextModel } from '../test-support/tiny-text-model.js';
import { buildScoringServer } from './scoring-server.js';

/** Where `scripts/mlflow-server.sh` installs MLflow. */
const CACHE = join(homedir(), '.cache/vitrine');
const PYTHON = (existsSync(CACHE) ? readdirSync(CACHE) : [])
  .filter((name) => name.startsWith('mlflow-'))
  .map((name) => join(CACHE, name, 'bin/python'))
  .find((path) => existsSync(path));

const PROGRAM = `
import json, sys
import numpy as np, pandas as pd
from mlflow.pyfunc.scoring_server.client import ScoringServerClient
client = ScoringServerClient("127.0.0.1", int(sys.argv[1]))
client.wait_server_ready(timeout=10)
frame = pd.DataFrame({"designation": ["roman broché", "pompe", None], "description": [np.nan, None, "table jardin"]})
answer = client.invoke(frame, params={"any": 1}).get_predictions()
try:
    client.invoke(pd.DataFrame({"designation": ["roman", None]}))
    refusal = ""
except Exception as error:
    refusal = str(error)
print(json.dumps({"version": client.get_version(), "columns": list(answer.columns), "rows": answer.values.tolist(), "refusal": refusal}))
`;

if (PYTHON === undefined) {
  process.stderr.write("\nSKIPPED: MLflow's own scoring client; ./scripts/mlflow-server.sh installs it\n");
}
const describeWithMlflow = PYTHON === undefined ? describe.skip : describe;

describeWithMlflow("MLflow's own scoring client", () => {
  it('asks the scoring server as it asks its own', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'vitrine-scoring-client-'));
    const predictor = await loadPredictor(await trainTinyTextModel(dir));
    const limits = { maxBodyBytes: 100_000, maxRecords: 10 };
    const onError = (error: Error) => void process.stderr.write(`${error.stack}\n`);
    const app = buildScoringServer({ predictor, folder: null, ...limits, onError });
    try {
      await app.listen({ host: '127.0.0.1', port: 0 });
      const { port } = app.server.address() as AddressInfo;
      const { stdout } = await promisify(execFile)(PYTHON as string, ['-c', PROGRAM, String(port)], {
        timeout: 90_000,
        env: { HOME: dir, MLFLOW_DISABLE_TELEMETRY: 'true' },
      });
      const expected = await predictor.predict([
        { designation: 'roman broché' },
        { designation: 'pompe' },
        { description: 'table jardin' },
      ]);
      const answer = JSON.parse(stdout) as { rows: number[][]; refusal: string };
      expect(answer).toEqual({
        version: expect.stringMatching(/^3\./),
        columns: ['10', '2582', '2583'],
        rows: expected.map(({ probabilities }) => [...probabilities]),
        refusal: expect.stringMatching(/error code 400.*Record 1: /),
      });
    } finally {
      await app.close();
      await predictor.dispose();
      await rm(dir, { recursive: true });
    }
  }, 120_000);
});
