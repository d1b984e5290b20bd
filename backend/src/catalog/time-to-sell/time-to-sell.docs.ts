import { applyDecorators, type Type } from '@nestjs/common';
import { ApiAcceptedResponse, ApiBody, ApiExtraModels, ApiOkResponse, getSchemaPath } from '@nestjs/swagger';
import { ProblemDto } from '../../common/errors/problem.dto.js';
import { OutcomeDto, OutcomeInputDto } from './dto/outcome.dto.js';
import { SalePredictionDto, SaleQueryDto } from './dto/sale-prediction.dto.js';
import { TrainingJobDto } from './dto/training.dto.js';

/** Most items of a list, unless the server is configured for more. */
const MAX_ITEMS = 1_000;

/** Documents questions: one, or a list. */
export const ApiSalePredictions = (): MethodDecorator => ApiOneOrMany(SaleQueryDto, SalePredictionDto);

/** Documents outcomes: one, or a list. */
export const ApiOutcomes = (): MethodDecorator => ApiOneOrMany(OutcomeInputDto, OutcomeDto);

/** Documents a training that is under way, or has ended. */
export const ApiTraining = (): MethodDecorator =>
  applyDecorators(
    ApiAcceptedResponse({
      type: TrainingJobDto,
      description: 'The training is under way; `Location` is where to follow it.',
      headers: { location: { schema: { type: 'string' } } },
    }),
    ApiOkResponse({ type: TrainingJobDto, description: 'The training has succeeded (`wait=true`).' }),
  );

function ApiOneOrMany(input: Type, output: Type): MethodDecorator {
  const one = { $ref: getSchemaPath(input) };
  const result = { $ref: getSchemaPath(output) };
  const items = { oneOf: [result, { $ref: getSchemaPath(ProblemDto) }] };
  return applyDecorators(
    ApiExtraModels(input, output, ProblemDto),
    ApiBody({ schema: { oneOf: [one, { type: 'array', items: one, minItems: 1, maxItems: MAX_ITEMS }] } }),
    ApiOkResponse({
      description: 'The answer; for a list, one answer or one problem an item, in order.',
      schema: { oneOf: [result, { type: 'array', items }] },
    }),
  );
}
