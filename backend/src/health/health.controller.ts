import { Controller, Get, Res } from '@nestjs/common';
import { ApiOkResponse, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Public } from '../auth/decorators/public.decorator.js';
import { LivenessDto, ReadinessDto } from './dto/health.dto.js';
import { HealthService } from './health.service.js';

@ApiTags('health')
@Public()
@Controller('health')
export class HealthController {
  constructor(private readonly health: HealthService) {}

  /** Says that the process answers. */
  @Get('live')
  live(): LivenessDto {
    return { status: 'up' };
  }

  /** Says whether requests can be served, and names each dependency. */
  @Get('ready')
  @ApiOkResponse({ type: ReadinessDto, description: 'Every required dependency is up.' })
  @ApiResponse({ status: 503, type: ReadinessDto, description: 'A required dependency is down.' })
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<ReadinessDto> {
    const readiness = await this.health.checkReadiness();
    void reply.status(readiness.status === 'up' ? 200 : 503);
    return readiness;
  }
}
