import type { IncomingMessage, ServerResponse } from 'node:http';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyError } from 'fastify';
import { AppError } from '../errors/app.error.js';
import { buildProblem, PROBLEM_MEDIA_TYPE } from '../errors/build-problem.js';
import type { ProblemCode } from '../errors/problems.js';
import { toAppError } from '../errors/to-app-error.js';
import { buildRequestId } from './request-id.js';

const codeByParserError: Readonly<Record<string, ProblemCode>> = {
  HPE_HEADER_OVERFLOW: 'headers-too-large',
  ERR_HTTP_REQUEST_TIMEOUT: 'request-timeout',
};

/** Answers what is not HTTP enough to become a request, and requests that never finish arriving. */
export function answerClientError(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable) {
    socket.destroy();
    return;
  }
  const problem = new AppError(codeByParserError[error.code ?? ''] ?? 'bad-request');
  const body = JSON.stringify(buildProblem(problem, { traceId: buildRequestId({ headers: {} }) }));
  socket.end(
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status] ?? ''}\r\nContent-Type: ${PROBLEM_MEDIA_TYPE}\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}

/** Answers what Fastify refuses before routing, such as a path that cannot be decoded. */
export function answerFrameworkError(
  error: FastifyError,
  request: { raw: IncomingMessage },
  reply: { raw: ServerResponse },
): void {
  const traceId = buildRequestId(request.raw);
  const body = JSON.stringify(buildProblem(toAppError(error), { traceId }));
  reply.raw.writeHead(toAppError(error).status, {
    'content-type': PROBLEM_MEDIA_TYPE,
    'x-request-id': traceId,
  });
  reply.raw.end(body);
}
