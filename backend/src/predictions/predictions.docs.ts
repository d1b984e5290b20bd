import { applyDecorators } from '@nestjs/common';
import { ApiBody, ApiExtraModels, ApiOkResponse, ApiQuery, getSchemaPath } from '@nestjs/swagger';
import { ProblemDto } from '../common/errors/problem.dto.js';
import { NDJSON_MEDIA_TYPE } from './batch/batch-request.js';
import { PredictFormDto, PredictRequestDto } from './dto/predict-request.dto.js';
import { PredictionDto } from './dto/prediction.dto.js';

/** Documents the ways a product may come: form, JSON, query. */
export function ApiPredictRequest(): MethodDecorator {
  const text = (name: string, description: string) =>
    ApiQuery({ name, description, type: String, required: false });
  return applyDecorators(
    ApiExtraModels(PredictRequestDto, PredictFormDto),
    text('designation', 'Title of the product, where it is not in the body.'),
    text('description', 'Longer text about it, where it is not in the body.'),
    ApiQuery({
      name: 'limit',
      description: 'How many categories the answer holds at most.',
      schema: { type: 'integer', minimum: 1 },
      required: false,
    }),
    ApiBody({
      required: false,
      schema: { anyOf: [PredictRequestDto, PredictFormDto].map((dto) => ({ $ref: getSchemaPath(dto) })) },
    }),
  );
}

/** Documents a batch: an array of products, or one product a line. */
export function ApiPredictBatch(): MethodDecorator {
  const product = { $ref: getSchemaPath(PredictRequestDto) };
  const result = { oneOf: [PredictionDto, ProblemDto].map((dto) => ({ $ref: getSchemaPath(dto) })) };
  return applyDecorators(
    ApiExtraModels(PredictRequestDto, PredictionDto, ProblemDto),
    ApiBody({ schema: { type: 'array', items: product, minItems: 1 } }),
    ApiOkResponse({
      description: 'One result or one problem an item, in order, in the media type of the request.',
      content: {
        'application/json': { schema: { type: 'array', items: result } },
        [NDJSON_MEDIA_TYPE]: { schema: result },
      },
    }),
  );
}
