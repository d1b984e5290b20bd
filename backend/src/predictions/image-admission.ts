import { availableParallelism } from 'node:os';
import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { observeGauge } from '../telemetry/observed-gauges.js';
import { OverloadedError } from '../common/errors/overloaded.error.js';
import { AdmissionGate } from '../common/load/admission-gate.js';

/** Photos that are decoded at a time: decoding is what costs, and it takes a core each. */
const CONCURRENCY = Math.max(2, availableParallelism());
/** Photos held in memory beyond those: at 10 MiB each, some 600 MiB at worst. */
const QUEUE = 64;

/** Bounds how many photos are held and worked on at a time. */
@Injectable()
export class ImageAdmission implements OnModuleInit, OnModuleDestroy {
  private readonly gate = new AdmissionGate(CONCURRENCY, QUEUE);
  private endGauge = (): void => {};

  onModuleInit(): void {
    this.endGauge = observeGauge({
      name: 'vitrine.image.queue',
      description: 'Photos being received, waiting or worked on',
      unit: '{photo}',
      observe: (tell) => tell(this.gate.depth),
    });
  }

  onModuleDestroy(): void {
    this.endGauge();
  }

  /**
   * Takes a request's photo in until its answer is sent or its client is gone.
   *
   * @throws OverloadedError where no more are taken in
   */
  enterUntilAnswered(reply: FastifyReply): void {
    // A client that is gone already closes nothing more: its place would never be given back.
    if (reply.raw.closed || reply.raw.destroyed) return;
    try {
      reply.raw.once('close', this.gate.enter());
    } catch (error) {
      throw new OverloadedError(error);
    }
  }

  /** Runs a prediction from a photo as soon as a core is free. */
  run<T>(fn: () => Promise<T>): Promise<T> {
    return this.gate.run(fn);
  }
}
