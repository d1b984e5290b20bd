import 'reflect-metadata';
import { startTelemetry } from './telemetry/preload.js';

// Before anything that is instrumented is loaded.
const telemetry = await startTelemetry('vitrine-api');
const { runServer } = await import('./server.js');
await runServer(telemetry);
