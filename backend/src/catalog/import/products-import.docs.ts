import { applyDecorators } from '@nestjs/common';
import { ApiBody } from '@nestjs/swagger';

/** Documents a file as a form or as the body itself. */
export const ApiProductsFile = (): MethodDecorator =>
  applyDecorators(
    ApiBody({
      description:
        'A CSV file (gzipped or not), as the body itself or as the file of a form. Its first line names the columns.',
      schema: { type: 'object', properties: { file: { type: 'string', format: 'binary' } } },
    }),
  );
