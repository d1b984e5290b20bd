/** One valid weekly record, as it was received. */
export interface SalesInput {
  /** `%Y%W` as received: `YYYYWW`. */
  yearWeek: number;
  /** The name as received. */
  rawName: string;
  /** Kilos, 0 or more. */
  sales: number;
}

/** A record with all that follows from it alone. Its key is (`week`, `rawName`). */
export interface SalesRecord extends SalesInput {
  /** The week's one name: 201952 where 202000 was received. */
  week: number;
  /** `sales` in units. */
  units: bigint;
  /** Clean name. */
  vegetable: string;
  /** False where the name is not in the dictionary. */
  isKnown: boolean;
}

/** Why a record of a list was not stored. */
interface InvalidField {
  field: string;
  reason: string;
}

/** Thrown by `readSalesInput`: says what is wrong with one record. */
export class InvalidRecordError extends Error implements InvalidField {
  constructor(
    readonly field: string,
    readonly reason: string,
  ) {
    super(`${field} ${reason}`);
    this.name = 'InvalidRecordError';
  }
}
