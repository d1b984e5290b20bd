import { Global, Module } from '@nestjs/common';
import { HealthRegistry } from './health/health-registry.js';

/** Blocks that every feature may inject. */
@Global()
@Module({ providers: [HealthRegistry], exports: [HealthRegistry] })
export class CommonModule {}
