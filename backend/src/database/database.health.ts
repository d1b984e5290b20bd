import type { OnModuleInit } from '@nestjs/common';
import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import type { HealthContributor, HealthReport } from '../common/health/health-registry.js';
import { HealthRegistry } from '../common/health/health-registry.js';

/** Readiness of Postgres: one query. */
@Injectable()
export class DatabaseHealth implements HealthContributor, OnModuleInit {
  readonly name = 'database';
  readonly isRequired = true;

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly registry: HealthRegistry,
  ) {}

  onModuleInit(): void {
    this.registry.register(this);
  }

  async checkHealth(): Promise<HealthReport> {
    await this.dataSource.query('SELECT 1');
    return { status: 'up' };
  }
}
