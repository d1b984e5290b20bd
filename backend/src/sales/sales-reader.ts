import { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import type { MonthlySalesQueryDto, SalesFilterQueryDto, SalesPageQueryDto } from './dto/sales-query.dto.js';
import { buildMonthly, type MonthlySales } from './gold/build-monthly.js';
import { decodeMonthKey, decodePosition, decodeText, encodeCursor } from './http/cursor.js';
import {
  buildRowWriter,
  contentTypes,
  type Columns,
  type RowFormat,
  type RowWriter,
} from './http/row-format.js';
import type { SalesAnswer } from './http/sales-answer.js';
import { VersionedReads } from './http/versioned-reads.js';
import { NameMatcher } from './silver/name-matcher.js';
import { SalesStore, type RawRow, type UnknownName } from './stores/sales-store.js';

/** Rows that are read and written at a time where everything is asked for. */
const PART_ROWS = 5_000;

const rawColumns: Columns<RawRow> = [
  ['year_week', ({ yearWeek }) => yearWeek],
  ['vegetable', ({ rawName }) => rawName],
  ['sales', ({ sales }) => sales],
];
const monthlyColumns: Columns<MonthlySales> = [
  ['year_month', ({ month }) => month],
  ['vegetable', ({ vegetable }) => vegetable],
  ['sales', ({ sales }) => sales],
  ['is_outlier', ({ isOutlier }) => isOutlier],
];
const unknownColumns: Columns<UnknownName> = [
  ['name', ({ rawName }) => rawName],
  ['vegetable', ({ vegetable }) => vegetable],
  ['weeks', ({ weeks }) => weeks],
];

/** One document, or the beginning of one. */
interface Part {
  bytes: Buffer;
  size: number;
  nextCursor: string | null;
  /** Position after which the document goes on; null where it is whole. */
  goesOnAfter: number | null;
}

/** Answers what is asked about sales. */
@Injectable()
export class SalesReader {
  private readonly reads: VersionedReads;

  constructor(
    private readonly store: SalesStore,
    private readonly names: NameMatcher,
  ) {
    this.reads = new VersionedReads(() => store.getVersion());
  }

  /** Records as they were received: a page where there is a limit, else all of them, streamed. */
  async readRaw({ limit, cursor }: SalesPageQueryDto, format: RowFormat): Promise<SalesAnswer> {
    const after = decodePosition(cursor);
    const writer = buildRowWriter(format, rawColumns);
    const { version, content } = await this.reads.read(`raw ${format} ${limit ?? ''} ${after}`, () =>
      this.readRawPart(writer, after, limit),
    );
    const { bytes, goesOnAfter, nextCursor } = content;
    const body = goesOnAfter === null ? bytes : this.streamRaw(writer, bytes, goesOnAfter);
    return { body, nextCursor, version: `${version}.${format}`, contentType: contentTypes[format] };
  }

  /** Clean sales by month and vegetable. */
  async readMonthly(query: MonthlySalesQueryDto, format: RowFormat): Promise<SalesAnswer> {
    const after = decodeMonthKey(query.cursor);
    const { version, content } = await this.reads.read(
      `monthly ${format} ${JSON.stringify(query)}`,
      async () => {
        const rows = (await this.listMonthly(query, query.remove_outliers)).filter(
          ({ month, vegetable }) =>
            after === null || month > after.month || (month === after.month && vegetable > after.vegetable),
        );
        const page = rows.slice(0, query.limit);
        const last = page.length < rows.length ? page.at(-1)! : null;
        const nextCursor = last && encodeCursor(`${last.month} ${last.vegetable}`);
        return buildDocument(buildRowWriter(format, monthlyColumns), page, nextCursor);
      },
    );
    const { bytes, nextCursor } = content;
    return { body: bytes, nextCursor, version: `${version}.${format}`, contentType: contentTypes[format] };
  }

  /** Names that the dictionary does not have, in their order. */
  async readUnknownNames(query: SalesPageQueryDto, format: RowFormat): Promise<SalesAnswer> {
    const after = query.cursor === undefined ? '' : decodeText(query.cursor);
    const { version, content } = await this.reads.read(
      `unknown ${format} ${JSON.stringify(query)}`,
      async () => {
        const limit = query.limit ?? PART_ROWS;
        const rows = await this.store.readUnknownNames(after, limit + 1);
        const page = rows.slice(0, limit);
        const nextCursor = rows.length > limit ? encodeCursor(page.at(-1)!.rawName) : null;
        return buildDocument(buildRowWriter(format, unknownColumns), page, nextCursor);
      },
    );
    const { bytes, nextCursor } = content;
    return { body: bytes, nextCursor, version: `${version}.${format}`, contentType: contentTypes[format] };
  }

  /** A drawing of monthly sales, made once for each state of the store. */
  async readChart(
    query: SalesFilterQueryDto,
    { kind, contentType }: { kind: string; contentType: string },
    draw: (rows: MonthlySales[]) => Promise<Buffer>,
  ): Promise<SalesAnswer> {
    const { version, content } = await this.reads.read(`${kind} ${JSON.stringify(query)}`, async () => {
      const bytes = await draw(await this.listMonthly(query, false));
      return { bytes, size: bytes.length };
    });
    return { body: content.bytes, nextCursor: null, version: `${version}.${kind}`, contentType };
  }

  private async listMonthly(
    { vegetable, from, to, outlier_method: method }: SalesFilterQueryDto,
    removeOutliers: boolean,
  ): Promise<MonthlySales[]> {
    const vegetables = vegetable && [...new Set(vegetable.map((name) => this.names.match(name).vegetable))];
    const state = await this.store.readMonthly(
      { vegetables, from, to },
      method === 'mad' ? 'all' : 'above-deviation',
    );
    return buildMonthly(state, { method, removeOutliers });
  }

  private async readRawPart(
    writer: RowWriter<RawRow>,
    after: number,
    limit: number | undefined,
  ): Promise<Part> {
    const size = limit ?? PART_ROWS;
    const rows = await this.store.readRaw(after, size + 1);
    const page = rows.slice(0, size);
    const last = rows.length > size ? page.at(-1)!.position : null;
    if (limit === undefined && last !== null) {
      const bytes = Buffer.from(writer.begin() + writer.rows(page));
      return { bytes, size: bytes.length, nextCursor: null, goesOnAfter: last };
    }
    return buildDocument(writer, page, last === null ? null : encodeCursor(last));
  }

  private streamRaw(writer: RowWriter<RawRow>, first: Buffer, after: number): Readable {
    return Readable.from(this.generateRaw(writer, first, after), { objectMode: false });
  }

  private async *generateRaw(
    writer: RowWriter<RawRow>,
    first: Buffer,
    after: number,
  ): AsyncGenerator<Buffer> {
    yield first;
    for (let position = after; ;) {
      const rows = await this.store.readRaw(position, PART_ROWS);
      if (rows.length === 0) break;
      yield Buffer.from(writer.separator + writer.rows(rows));
      position = rows.at(-1)!.position;
    }
    yield Buffer.from(writer.end);
  }
}

function buildDocument<T>(writer: RowWriter<T>, rows: readonly T[], nextCursor: string | null): Part {
  const bytes = Buffer.from(writer.begin() + writer.rows(rows) + writer.end);
  return { bytes, size: bytes.length, nextCursor, goesOnAfter: null };
}
