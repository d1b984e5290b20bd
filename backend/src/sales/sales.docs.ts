import { applyDecorators } from '@nestjs/common';
import { ApiBody } from '@nestjs/swagger';

/** Describes the body of a list of weekly records. */
export const ApiSalesRecords = (): MethodDecorator =>
  applyDecorators(
    ApiBody({
      schema: {
        type: 'array',
        items: {
          oneOf: [
            {
              type: 'object',
              required: ['year_week', 'vegetable', 'sales'],
              properties: {
                year_week: { oneOf: [{ type: 'integer' }, { type: 'string' }], description: 'Week, `%Y%W`.' },
                vegetable: { type: 'string', maxLength: 200 },
                sales: { type: 'number', minimum: 0, maximum: 1e9, description: 'Kilos.' },
              },
            },
            {
              type: 'object',
              required: ['date', 'vegetable', 'kilo_sold'],
              properties: {
                date: { type: 'string', description: 'A day of the week, or the week as `YYYY-WW`.' },
                vegetable: { type: 'string', maxLength: 200 },
                kilo_sold: { type: 'number', minimum: 0, maximum: 1e9 },
              },
            },
          ],
        },
        example: [
          { year_week: 202001, vegetable: 'Tomate', sales: 489 },
          { date: '2020-01-06', vegetable: 'Peer', kilo_sold: 95 },
        ],
      },
    }),
  );
