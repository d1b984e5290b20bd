import type { ArgumentsHost, ExceptionFilter } from '@nestjs/common';
import { Catch, Logger } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AppError } from './app.error.js';
import { buildProblem, PROBLEM_MEDIA_TYPE } from './build-problem.js';
import { toAppError } from './to-app-error.js';

/** Turns whatever a request ended in into a problem document (RFC 9457); a 5xx is logged and never tells internals. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger(ProblemFilter.name);

  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const error = toAppError(thrown);
    this.log(error, request);
    if (reply.sent || reply.raw.headersSent) {
      return;
    }
    if (error.retryAfterSeconds !== undefined) {
      void reply.header('retry-after', String(Math.ceil(error.retryAfterSeconds)));
    }
    if (error.status === 401) {
      void reply.header('www-authenticate', 'Bearer');
    }
    void reply
      .status(error.status)
      .header('content-type', PROBLEM_MEDIA_TYPE)
      .send(JSON.stringify(buildProblem(error, { instance: pathOf(request.url), traceId: request.id })));
  }

  /** A failure is logged with its stack; a dependency that is away with a line, as every request meets it. */
  private log(error: AppError, request: FastifyRequest): void {
    const entry = {
      msg: `${request.method} ${pathOf(request.url)} failed: ${error.code}`,
      traceId: request.id,
    };
    if (error.status === 500) {
      this.logger.error({ ...entry, err: error.cause ?? error });
    } else if (error.status > 500 && error.cause !== undefined) {
      this.logger.warn({
        ...entry,
        reason: error.cause instanceof Error ? error.cause.message : String(error.cause),
      });
    } else {
      this.logger.debug(entry);
    }
  }
}

/** The query may hold personal data: it is neither logged nor sent back. */
const pathOf = (url: string): string => url.split('?', 1)[0] ?? url;
