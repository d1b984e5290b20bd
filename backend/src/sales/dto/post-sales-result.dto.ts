import { ApiProperty } from '@nestjs/swagger';

/** A record that was not stored. */
export class RejectedRecordDto {
  /** Its place in the list, from 0. */
  @ApiProperty({ type: 'integer', minimum: 0 })
  index!: number;

  /** The member that is wrong; empty where it is the record itself. */
  field!: string;

  /** What is wrong with it. */
  reason!: string;
}

/** What became of a list of records. */
export class PostSalesResultDto {
  @ApiProperty({ enum: ['success'] })
  status!: 'success';

  /** How many records are stored. */
  @ApiProperty({ type: 'integer' })
  accepted!: number;

  /** How many of them replaced another value for the same week and name. */
  @ApiProperty({ type: 'integer' })
  replaced!: number;

  /** The others. */
  @ApiProperty({ type: [RejectedRecordDto] })
  rejected!: RejectedRecordDto[];
}

/** The store is ready. */
export class InitDatabaseResultDto {
  @ApiProperty({ enum: ['success'] })
  status!: 'success';
}
