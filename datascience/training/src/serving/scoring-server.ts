import type { AnyPredictor } from '@vitrine/inference';
import Fastify, { type FastifyError, type FastifyInstance, type FastifyReply } from 'fastify';
import type { ImageFolder } from './image-folder.js';
import { parseCsvInvocation, parseJsonInvocation, type ScoringRecord } from './parse-invocation.js';
import { formatPredictions, scoreRecords } from './score-records.js';
import { ScoringError } from './scoring-error.js';

/** The MLflow version whose scoring protocol is spoken; `GET /version` answers it. */
const PROTOCOL_VERSION = '3.17.2';

/** Requests in work and waiting; more are told to come back. */
const MAX_PENDING = 64;
/** Longest time in which a request must have arrived, in milliseconds. */
const REQUEST_TIMEOUT_MS = 120_000;

const PARSERS: Record<string, (text: string) => ScoringRecord[]> = {
  'application/json': parseJsonInvocation,
  'text/csv': parseCsvInvocation,
  // What curl says of a body when it is not told otherwise.
  'application/x-www-form-urlencoded': parseJsonInvocation,
};

/** What a scoring server is made of. */
export interface ScoringServerOptions {
  predictor: AnyPredictor;
  /** Where photos may be read from by path; null: nowhere. */
  folder: ImageFolder | null;
  /** Longest body in bytes. */
  maxBodyBytes: number;
  /** Most records of one request. */
  maxRecords: number;
  /** Told of errors that are not the caller's. */
  onError: (error: Error) => void;
}

/**
 * Builds a server of one model over MLflow's scoring protocol: `POST /invocations`, `GET /ping`, `/health` and
 * `/version`. The predictor stays the caller's.
 */
export function buildScoringServer(options: ScoringServerOptions): FastifyInstance {
  const app = Fastify({
    bodyLimit: options.maxBodyBytes,
    requestTimeout: REQUEST_TIMEOUT_MS,
    forceCloseConnections: 'idle',
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.setErrorHandler((error: FastifyError | ScoringError, _request, reply) =>
    sendError(reply, toScoringError(error, options)),
  );
  app.setNotFoundHandler((request, reply) =>
    sendError(reply, new ScoringError('BAD_REQUEST', `There is no ${request.method} ${request.url}`, 404)),
  );
  const ping = async (_request: unknown, reply: FastifyReply) => reply.type('application/json').send('\n');
  app.get('/ping', ping);
  app.get('/health', ping);
  app.get('/version', async (_request, reply) => reply.type('application/json').send(PROTOCOL_VERSION));
  addInvocations(app, options);
  endConnectionsOnClose(app);
  return app;
}

/** Without it a client that keeps the connection of its last answer keeps a stopping server alive, for over a minute. */
function endConnectionsOnClose(app: FastifyInstance): void {
  let isClosing = false;
  app.addHook('preClose', async () => void (isClosing = true));
  app.addHook('onSend', async (_request, reply) => {
    if (isClosing) void reply.header('connection', 'close');
  });
}

function addInvocations(app: FastifyInstance, { predictor, folder, maxRecords }: ScoringServerOptions): void {
  let pending = 0;
  app.post('/invocations', {
    // Before the body is read: what is not answered need not be held.
    onRequest: async (request, reply) => {
      if (pending >= MAX_PENDING) {
        void reply.header('retry-after', '1');
        throw new ScoringError('TEMPORARILY_UNAVAILABLE', 'Too many requests at once', 503);
      }
      pending++;
      reply.raw.once('close', () => pending--);
      const refusal = refuseContentType(request.headers['content-type']);
      if (refusal !== null) return reply.code(415).type('text/plain').send(refusal);
    },
    handler: async (request, reply) => {
      const records = parseBody(request.headers['content-type'], request.body as Buffer | undefined);
      if (records.length > maxRecords) {
        throw new ScoringError(
          'BAD_REQUEST',
          `The request has ${records.length} records; at most ${maxRecords} are answered at once`,
        );
      }
      const predictions = await scoreRecords(predictor, records, folder);
      return reply.type('application/json').send(formatPredictions(predictor, predictions));
    },
  });
}

/** Why a content type is not read, as MLflow's own server says it; null where it is. */
function refuseContentType(contentType: string | undefined): string | null {
  if (contentType === undefined) return null;
  const [mimeType, ...parameters] = splitContentType(contentType);
  const charset = parameters.find((parameter) => parameter.startsWith('charset='))?.slice('charset='.length);
  if (charset !== undefined && charset.replaceAll('"', '') !== 'utf-8') {
    return 'The scoring server only supports UTF-8';
  }
  if (Object.hasOwn(PARSERS, mimeType as string)) return null;
  const types = "['text/csv', 'application/json']";
  return `This predictor only supports the following content types: Types: ${types}. Got '${contentType}'.`;
}

function splitContentType(contentType: string): string[] {
  return contentType.split(';').map((part) => part.trim().toLowerCase());
}

function parseBody(contentType: string | undefined, body: Buffer | undefined): ScoringRecord[] {
  const [mimeType = ''] = splitContentType(contentType ?? 'application/json');
  return (PARSERS[mimeType] as (typeof PARSERS)[string])(decodeUtf8(body ?? Buffer.alloc(0)));
}

function decodeUtf8(body: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    throw new ScoringError('BAD_REQUEST', 'Invalid input. Ensure that input is a valid UTF-8 encoded string');
  }
}

function toScoringError(error: FastifyError | ScoringError, options: ScoringServerOptions): ScoringError {
  if (error instanceof ScoringError) return error;
  const status = error.statusCode ?? 500;
  if (status === 413) {
    return new ScoringError(
      'BAD_REQUEST',
      `The body is too large: at most ${options.maxBodyBytes} bytes are read`,
      413,
    );
  }
  if (status < 500) return new ScoringError('BAD_REQUEST', error.message, status);
  options.onError(error);
  return new ScoringError('INTERNAL_ERROR', 'The model could not answer', 500);
}

function sendError(reply: FastifyReply, { code, message, status }: ScoringError): FastifyReply {
  const body = JSON.stringify({ error_code: code, message });
  return reply.code(status).type('application/json').send(body);
}
