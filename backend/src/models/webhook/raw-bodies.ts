import { Transform, pipeline } from 'node:stream';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyRequest, preParsingHookHandler } from 'fastify';

interface RawBodyRules {
  keepsRawBody?: boolean;
}

/** Has a route's body kept as the bytes that were sent, beside what they parse to. */
export const KeepsRawBody = (): MethodDecorator => RouteConfig({ keepsRawBody: true } satisfies RawBodyRules);

/** The bytes of bodies under way, which signatures are made over. */
@Injectable()
export class RawBodies implements OnModuleInit {
  private readonly chunks = new WeakMap<object, Buffer[]>();

  constructor(private readonly adapterHost: HttpAdapterHost) {}

  onModuleInit(): void {
    const fastify = this.adapterHost.httpAdapter.getInstance<FastifyInstance>();
    fastify.addHook('preParsing', this.keep);
  }

  /** The body of a request whose route keeps it. */
  get(request: FastifyRequest): Buffer {
    return Buffer.concat(this.chunks.get(request.raw) ?? []);
  }

  private readonly keep: preParsingHookHandler = (request, _reply, payload, done) => {
    if (!(request.routeOptions.config as RawBodyRules).keepsRawBody) {
      done(null, payload);
      return;
    }
    const chunks: Buffer[] = [];
    this.chunks.set(request.raw, chunks);
    const copy = new Transform({
      transform(chunk: Buffer, _encoding, next) {
        chunks.push(chunk);
        next(null, chunk);
      },
    });
    // An error reaches the parser through the copy, which the pipeline destroys.
    pipeline(payload, copy, () => undefined);
    done(null, copy);
  };
}
