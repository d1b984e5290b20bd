import type { Readable } from 'node:stream';
import { Body, Controller, Get, HttpCode, Post, Query, Req, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AdminOnly } from '../auth/decorators/admin-only.decorator.js';
import { PublicWhere } from '../auth/decorators/public.decorator.js';
import { AcceptsBody } from '../common/decorators/accepts-body.decorator.js';
import { ApiProblems } from '../common/decorators/api-problems.decorator.js';
import { InitDatabaseResultDto, PostSalesResultDto } from './dto/post-sales-result.dto.js';
import { InitDatabaseQueryDto, MonthlySalesQueryDto, SalesPageQueryDto } from './dto/sales-query.dto.js';
import { MonthlySalesDto, RawSalesDto } from './dto/sales-rows.dto.js';
import { chooseFormat } from './http/row-format.js';
import { presentAnswer } from './http/sales-answer.js';
import { SalesReader } from './sales-reader.js';
import { ApiSalesRecords } from './sales.docs.js';
import { SalesService } from './sales.service.js';

/** The four routes of sales; they are answered at the root too (`http/root-routes`). */
@ApiTags('sales')
@ApiBearerAuth()
@PublicWhere(({ sales }) => sales.isAnonymous)
@ApiProblems('unauthorized', 'database-unavailable', 'validation-failed')
@Controller()
export class SalesController {
  constructor(
    private readonly sales: SalesService,
    private readonly reader: SalesReader,
  ) {}

  /** Takes a list of weekly records in: the valid ones are stored, each once for its week and name. */
  @Post('post_sales')
  @HttpCode(200)
  @AcceptsBody({ limit: 'batch', anonymousBy: 'sales' })
  @ApiSalesRecords()
  @ApiProblems('invalid-json', 'payload-too-large', 'unsupported-media-type', 'overloaded')
  postSales(@Body() body: unknown): Promise<PostSalesResultDto> {
    return this.sales.postSales(body);
  }

  /** Gives weekly records back as they were received, in the order of their first receipt. */
  @Get('get_raw_sales')
  @ApiProduces('application/json', 'text/csv')
  @ApiOkResponse({ type: [RawSalesDto] })
  async getRawSales(
    @Query() query: SalesPageQueryDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Buffer | Readable | undefined> {
    const answer = await this.reader.readRaw(query, chooseFormat(request.headers.accept));
    return presentAnswer(request, reply, answer);
  }

  /** Clean sales by month and vegetable, in that order. */
  @Get('get_monthly_sales')
  @ApiProduces('application/json', 'text/csv')
  @ApiOkResponse({ type: [MonthlySalesDto] })
  async getMonthlySales(
    @Query() query: MonthlySalesQueryDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Buffer | Readable | undefined> {
    const answer = await this.reader.readMonthly(query, chooseFormat(request.headers.accept));
    return presentAnswer(request, reply, answer);
  }

  /** Creates what the store lacks and keeps what it has; `reset` removes everything. */
  @Post('init_database')
  @AdminOnly()
  @HttpCode(200)
  @ApiProblems('forbidden')
  async initDatabase(@Query() { reset }: InitDatabaseQueryDto): Promise<InitDatabaseResultDto> {
    await this.sales.initDatabase(reset);
    return { status: 'success' };
  }

  /** Creates what the store lacks and keeps what it has. */
  @Get('init_db')
  @AdminOnly()
  @ApiProblems('forbidden')
  async initDb(): Promise<InitDatabaseResultDto> {
    await this.sales.initDatabase(false);
    return { status: 'success' };
  }
}
