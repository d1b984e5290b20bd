import { Artifacts } from './artifacts.js';
import { Experiments } from './experiments.js';
import { HttpClient } from './http-client.js';
import { LoggedModels } from './logged-models.js';
import { Metrics } from './metrics.js';
import { ModelVersions } from './model-versions.js';
import { RegisteredModels } from './registered-models.js';
import { Runs } from './runs.js';
import type { CallOptions, ServerOptions } from './server-options.js';

/**
 * MLflow's tracking, registry and artifact REST API, one namespace per group of endpoints. Every call takes a signal
 * and a time limit of its own as its last argument. Calls that may be repeated are, after network errors, 429 and 5xx;
 * creating a run, a version or the like is not.
 */
export class MlflowClient {
  readonly experiments: Experiments;
  readonly runs: Runs;
  readonly metrics: Metrics;
  readonly artifacts: Artifacts;
  readonly loggedModels: LoggedModels;
  readonly registeredModels: RegisteredModels;
  readonly modelVersions: ModelVersions;
  /** The server's address without credentials. */
  readonly location: string;
  private readonly http: HttpClient;

  /** @throws ServerError `INVALID_PARAMETER_VALUE` where the address is not http(s) */
  constructor(options: ServerOptions) {
    this.http = new HttpClient(options);
    this.location = this.http.location;
    this.experiments = new Experiments(this.http);
    this.runs = new Runs(this.http);
    this.metrics = new Metrics(this.http);
    this.artifacts = new Artifacts(this.http, options);
    this.loggedModels = new LoggedModels(this.http);
    this.registeredModels = new RegisteredModels(this.http);
    this.modelVersions = new ModelVersions(this.http);
  }

  /**
   * Asks the server for something small that needs permission, once and without a second try.
   *
   * @throws ServerError where it cannot be reached or refuses the credentials
   */
  async ping(options: CallOptions = {}): Promise<void> {
    const query = { max_results: 1 };
    await this.http.probe('/api/2.0/mlflow/experiments/search', query, { timeoutMs: 5_000, ...options });
  }
}
