import 'reflect-metadata';
import { startTelemetry } from './telemetry/preload.js';

// Before anything that is instrumented is loaded.
const telemetry = await startTelemetry('vitrine-worker');
const { runWorkerProcess } = await import('./pipelines/worker/run-worker-process.js');
await runWorkerProcess(telemetry);
