import { Injectable, Logger } from '@nestjs/common';
import type { HealthContributor, HealthReport } from '../common/health/health-registry.js';
import { HealthRegistry } from '../common/health/health-registry.js';
import type { ReadinessDto } from './dto/health.dto.js';

/** A dependency that has not answered by then counts as down. */
const CHECK_TIMEOUT_MS = 3_000;

/** Asks every registered dependency how it is. */
@Injectable()
export class HealthService {
  private readonly logger = new Logger(HealthService.name);

  constructor(private readonly registry: HealthRegistry) {}

  async checkReadiness(): Promise<ReadinessDto> {
    const contributors = this.registry.list();
    const reports = await Promise.all(contributors.map((contributor) => this.check(contributor)));
    const isUp = contributors.every(
      ({ isRequired }, index) => !isRequired || reports[index]!.status === 'up',
    );
    return {
      status: isUp ? 'up' : 'down',
      dependencies: Object.fromEntries(contributors.map(({ name }, index) => [name, reports[index]!])),
    };
  }

  private async check(contributor: HealthContributor): Promise<HealthReport> {
    const deadline = withDeadline(CHECK_TIMEOUT_MS);
    try {
      return await Promise.race([Promise.resolve(contributor.checkHealth()), deadline.passed]);
    } catch (error) {
      // Callers need no account: they are told that it is down, the log is told why.
      this.logger.warn(
        `${contributor.name} is down: ${error instanceof Error ? error.message : String(error)}`,
      );
      return { status: 'down' };
    } finally {
      deadline.clear();
    }
  }
}

function withDeadline(milliseconds: number): { passed: Promise<never>; clear: () => void } {
  let timer: NodeJS.Timeout | undefined;
  const passed = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer in ${milliseconds} ms`)), milliseconds);
  });
  return { passed, clear: () => clearTimeout(timer) };
}
