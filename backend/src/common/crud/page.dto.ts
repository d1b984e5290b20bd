import type { Type as Class } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, Max, Min } from 'class-validator';

/** Which part of a list is asked for. */
export class PageQueryDto {
  /** How many records to pass over. */
  @ApiProperty({ required: false, type: 'integer', minimum: 0, maximum: 1_000_000, default: 0 })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(1_000_000)
  offset = 0;

  /** How many records to answer with at most. */
  @ApiProperty({ required: false, type: 'integer', minimum: 1, maximum: 200, default: 50 })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(200)
  limit = 50;
}

/** One part of a list. */
export interface Page<T> {
  items: T[];
  /** How many records the whole list has. */
  total: number;
  offset: number;
  limit: number;
}

/** Class of a page of `item` for the API's documentation: `class UserPageDto extends PageOf(UserDto) {}`. */
export function PageOf<T>(item: Class<T>): Class<Page<T>> {
  class PageDto implements Page<T> {
    @ApiProperty({ type: [item] })
    items!: T[];

    @ApiProperty({ type: 'integer', description: 'How many records the whole list has.' })
    total!: number;

    @ApiProperty({ type: 'integer', description: 'How many records were passed over.' })
    offset!: number;

    @ApiProperty({ type: 'integer', description: 'How many records a page has at most.' })
    limit!: number;
  }
  return PageDto;
}

/** Builds a page from what `findAndCount` answers. */
export function buildPage<E, T>(
  [records, total]: readonly [readonly E[], number],
  query: PageQueryDto,
  toDto: (record: E) => T,
): Page<T> {
  return { items: records.map(toDto), total, offset: query.offset, limit: query.limit };
}
