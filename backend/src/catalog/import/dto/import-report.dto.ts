import { ApiProperty } from '@nestjs/swagger';

/** A row of the file that was not stored. */
export class RejectedRowDto {
  /** Line of the file on which it begins; the header is line 1. */
  @ApiProperty({ type: 'integer', minimum: 1 })
  line!: number;

  /** The column at fault; null where it is the row as a whole. */
  @ApiProperty({ type: String, nullable: true })
  field!: string | null;

  /** What is wrong with it. */
  reason!: string;
}

/** What became of a file of products. */
export class ImportReportDto {
  /** Rows that were read: stored and rejected. */
  @ApiProperty({ type: 'integer' })
  rows!: number;

  /** Rows that are stored now: `inserted`, `updated` and `unchanged`. */
  @ApiProperty({ type: 'integer' })
  stored!: number;

  /** Products that were not known. */
  @ApiProperty({ type: 'integer' })
  inserted!: number;

  /** Known products that differ from what was stored. */
  @ApiProperty({ type: 'integer' })
  updated!: number;

  /** Known products that are as they were. */
  @ApiProperty({ type: 'integer' })
  unchanged!: number;

  /** Rows that were not stored. */
  @ApiProperty({ type: 'integer' })
  rejected!: number;

  /** The first hundred of them. */
  @ApiProperty({ type: [RejectedRowDto] })
  rejections!: RejectedRowDto[];

  /** False where the rest of the file was given up after too many broken rows. */
  is_complete!: boolean;

  /** Rows with a text that is no UTF-8 and was read as Windows-1252. */
  @ApiProperty({ type: 'integer' })
  windows_1252_rows!: number;

  /** Columns of the file that the catalogue does not have. */
  @ApiProperty({ type: [String] })
  ignored_columns!: string[];

  /** How long storing took. */
  @ApiProperty({ type: 'integer' })
  duration_ms!: number;
}
