import type { ArgumentsHost, ExceptionFilter } from '@nestjs/common';
import { Catch, Logger } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
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
    if (error.status >= 500) {
      this.logger.error({
        msg: `${request.method} ${pathOf(request.url)} failed: ${error.code}`,
        traceId: request.id,
        err: error.cause ?? error,
      });
    }
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
}

/** The query may hold personal data: it is neither logged nor sent back. */
const pathOf = (url: string): string => url.split('?', 1)[0] ?? url;
