import { createParamDecorator, Injectable, type ExecutionContext, type PipeTransform } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '../../common/errors/app.error.js';
import { AppConfig } from '../../config/app-config.js';
import { ImageAdmission } from '../image-admission.js';
import { readProductForm } from './multipart-form.js';
import type { ProductQuery } from './product-query.js';
import { readProduct, type FieldSet } from './read-product.js';

interface Exchange {
  request: FastifyRequest;
  reply: FastifyReply;
}

const HttpExchange = createParamDecorator((_data: unknown, context: ExecutionContext): Exchange => {
  const http = context.switchToHttp();
  return { request: http.getRequest<FastifyRequest>(), reply: http.getResponse<FastifyReply>() };
});

/** Makes a product of a request: a multipart form, JSON, text fields of the query, or a mix of query and body. */
@Injectable()
export class PredictRequestPipe implements PipeTransform<Exchange, Promise<ProductQuery>> {
  constructor(
    private readonly config: AppConfig,
    private readonly admission: ImageAdmission,
  ) {}

  async transform({ request, reply }: Exchange): Promise<ProductQuery> {
    const { imageMaxBytes } = this.config.predict;
    const query: FieldSet = { fields: request.query as Record<string, unknown>, source: 'text' };
    if (request.isMultipart()) {
      // Before the upload is read: what waits for its turn is bounded in bytes too.
      this.admission.enterUntilAnswered(reply);
      const form = await readProductForm(request, imageMaxBytes);
      return readProduct([query, { fields: form.fields, source: 'text' }], form.image, imageMaxBytes);
    }
    const body = requireObject(request.body);
    if (body.image != null) this.admission.enterUntilAnswered(reply);
    return readProduct([query, { fields: body, source: 'json' }], null, imageMaxBytes);
  }
}

/** The product that a request asks about. */
export const ProductOfRequest = (): ParameterDecorator => HttpExchange(PredictRequestPipe);

function requireObject(body: unknown): Record<string, unknown> {
  if (body === undefined || body === null) return {};
  if (typeof body === 'object' && !Array.isArray(body)) return body as Record<string, unknown>;
  throw new AppError('validation-failed', {
    errors: [{ pointer: '#', detail: 'the body must be an object' }],
  });
}
