import { Readable } from 'node:stream';
import { Injectable, Logger, StreamableFile } from '@nestjs/common';
import { AdmissionGate } from '../../common/load/admission-gate.js';
import { buildProblem } from '../../common/errors/build-problem.js';
import type { ProblemDto } from '../../common/errors/problem.dto.js';
import { toAppError } from '../../common/errors/to-app-error.js';
import { AppConfig } from '../../config/app-config.js';
import type { PredictionDto } from '../dto/prediction.dto.js';
import { readProduct } from '../input/read-product.js';
import { AppError } from '../../common/errors/app.error.js';
import { OverloadedError } from '../../common/errors/overloaded.error.js';
import { PredictionsService } from '../predictions.service.js';
import { NDJSON_MEDIA_TYPE, readBatchRequest, type ReadItem } from './batch-request.js';
import { TimeSlice } from '../../common/load/time-slice.js';

/** Items whose rows are stored together: few enough for a stream to flow, many enough to share a commit. */
const CHUNK_ITEMS = 32;
/** How long a batch may keep the event loop: a single prediction waits at most this and one text. */
const SLICE_MS = 3;
/** Batches at a time; another holds its body in memory until it is refused. */
const MAX_BATCHES = 8;

/** Who asks, and the request's name in problem documents. */
export interface BatchCaller {
  userId: string;
  traceId: string;
}

type BatchItemResult = PredictionDto | ProblemDto;

/** Answers many products in one request, each for itself. */
@Injectable()
export class BatchPredictionsService {
  private readonly logger = new Logger(BatchPredictionsService.name);
  private readonly gate = new AdmissionGate(MAX_BATCHES, 0);

  constructor(
    private readonly config: AppConfig,
    private readonly predictions: PredictionsService,
  ) {}

  /**
   * Answers in the order of the items: a result or a problem each, in the media type that the batch came in.
   *
   * @param body see `readBatchRequest`
   * @throws AppError for the batch as a whole: `batch-empty`, `batch-too-large`, `overloaded`
   */
  async predictBatch(body: unknown, caller: BatchCaller): Promise<BatchItemResult[] | StreamableFile> {
    const { items, isNdjson } = readBatchRequest(body, this.config.predict.batchMaxItems);
    const leave = this.enter();
    const results = this.answerAll(items, caller);
    if (isNdjson) {
      // 'close' comes in any case, also where the client is gone before the first line.
      const lines = Readable.from(toLines(results)).once('close', leave);
      return new StreamableFile(lines, { type: NDJSON_MEDIA_TYPE });
    }
    return collect(results).finally(leave);
  }

  private async *answerAll(items: readonly ReadItem[], caller: BatchCaller): AsyncGenerator<BatchItemResult> {
    const slice = new TimeSlice(SLICE_MS);
    for (let start = 0; start < items.length; start += CHUNK_ITEMS) {
      const answers: Promise<BatchItemResult>[] = [];
      for (const item of items.slice(start, start + CHUNK_ITEMS)) {
        await slice.breathe();
        answers.push(this.answer(item, caller));
      }
      yield* await Promise.all(answers);
    }
  }

  /** Never rejects: what is wrong with one item is its own answer. */
  private async answer(readItem: ReadItem, { userId, traceId }: BatchCaller): Promise<BatchItemResult> {
    try {
      const fields = requireObject(readItem());
      const { imageMaxBytes } = this.config.predict;
      const query = await readProduct([{ fields, source: 'json' }], null, imageMaxBytes);
      return await this.predictions.predict(query, userId);
    } catch (thrown) {
      const error = toAppError(thrown);
      if (error.status >= 500)
        this.logger.error({ msg: 'A batch item failed', traceId, err: error.cause ?? error });
      return buildProblem(error, { traceId });
    }
  }

  private enter(): () => void {
    try {
      return this.gate.enter();
    } catch (error) {
      throw new OverloadedError(error);
    }
  }
}

async function collect(results: AsyncIterable<BatchItemResult>): Promise<BatchItemResult[]> {
  const all: BatchItemResult[] = [];
  for await (const result of results) all.push(result);
  return all;
}

async function* toLines(results: AsyncIterable<BatchItemResult>): AsyncGenerator<string> {
  for await (const result of results) yield `${JSON.stringify(result)}\n`;
}

function requireObject(item: unknown): Record<string, unknown> {
  if (typeof item === 'object' && item !== null && !Array.isArray(item))
    return item as Record<string, unknown>;
  throw new AppError('validation-failed', { errors: [{ pointer: '#', detail: 'must be an object' }] });
}
