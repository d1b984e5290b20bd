import { ApiProperty } from '@nestjs/swagger';
import type { HealthReport } from '../../common/health/health-registry.js';

/** The process answers. */
export class LivenessDto {
  @ApiProperty({ enum: ['up'] })
  status!: 'up';
}

/** Whether requests can be served. */
export class ReadinessDto {
  /** `down` where a required dependency is. */
  @ApiProperty({ enum: ['up', 'down'] })
  status!: 'up' | 'down';

  /** Each dependency by name, with its own status and details. */
  @ApiProperty({
    type: 'object',
    additionalProperties: {
      type: 'object',
      required: ['status'],
      properties: { status: { type: 'string', enum: ['up', 'down'] } },
      additionalProperties: true,
    },
  })
  dependencies!: Record<string, HealthReport>;
}
