import { Injectable } from '@nestjs/common';

/** A snapshot as one arm of an experiment. */
export interface ArmSnapshot {
  /** Identity of the arm, as the experiment knows it. */
  armId: string;
  /** Row of `snapshots` whose model the arm asks. */
  snapshotId: string;
}

/** What an experiment wants asked about one product. */
export interface ArmAssignment {
  experimentId: string;
  /** The arm that answers; null where production does, beside an experiment that only shadows. */
  arm: ArmSnapshot | null;
  /** Arms whose predictions are stored and never answered. */
  shadows: readonly ArmSnapshot[];
}

/** Decides which snapshots are asked about products: experiments offer one. */
export interface ArmSelector {
  /**
   * Assigns products to arms. The same product must get the same arm for as long as its experiment runs as it is.
   * Called once for each request, so that a look at a database is shared by a batch.
   *
   * @param productIds ids of products, in the order of the request; one may come several times
   * @returns for each of them an assignment, or null where no experiment wants it
   */
  assign(productIds: readonly number[]): Promise<readonly (ArmAssignment | null)[]>;
}

/** Where a selector is offered: `onModuleInit() { registry.register(this) }`. Without one production answers. */
@Injectable()
export class ArmSelectorRegistry {
  private selector: ArmSelector | null = null;

  /** Puts a selector in the place of the one before. */
  register(selector: ArmSelector): void {
    this.selector = selector;
  }

  /**
   * Asks the selector, if there is one.
   *
   * @throws what the selector throws; Error where it answers for another number of products
   */
  async assign(productIds: readonly number[]): Promise<readonly (ArmAssignment | null)[]> {
    if (!this.selector || productIds.length === 0) return productIds.map(() => null);
    const assignments = await this.selector.assign(productIds);
    if (assignments.length !== productIds.length) {
      throw new Error(`${assignments.length} assignments for ${productIds.length} products`);
    }
    return assignments;
  }
}
