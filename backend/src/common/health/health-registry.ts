import { Injectable } from '@nestjs/common';

/** How one dependency is. */
export interface HealthReport {
  status: 'up' | 'down';
  /** What matters of it, without secrets: a model's version, why it is down. */
  [detail: string]: unknown;
}

/** One dependency that readiness asks about. */
export interface HealthContributor {
  /** Key in the readiness document: `database`, `models`. */
  readonly name: string;
  /** Where false, being down is shown but the service still counts as ready. */
  readonly isRequired: boolean;
  /** Answers quickly; whatever it throws counts as down. */
  checkHealth(): Promise<HealthReport> | HealthReport;
}

/** Where features register what readiness asks about: `onModuleInit() { registry.register(this) }`. */
@Injectable()
export class HealthRegistry {
  private readonly contributors = new Map<string, HealthContributor>();

  register(contributor: HealthContributor): void {
    this.contributors.set(contributor.name, contributor);
  }

  list(): HealthContributor[] {
    return [...this.contributors.values()];
  }
}
