import type { Readable } from 'node:stream';
import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { PublicWhere } from '../auth/decorators/public.decorator.js';
import { ApiProblems } from '../common/decorators/api-problems.decorator.js';
import { drawPng, drawSvg } from './chart/draw-plot.js';
import { monthlySalesPlot } from './chart/monthly-sales-plot.js';
import { SalesFilterQueryDto, SalesPageQueryDto } from './dto/sales-query.dto.js';
import { UnknownNameDto } from './dto/sales-rows.dto.js';
import { chooseFormat } from './http/row-format.js';
import { presentAnswer } from './http/sales-answer.js';
import { SalesReader } from './sales-reader.js';

const svg = { kind: 'svg', contentType: 'image/svg+xml' };
const png = { kind: 'png', contentType: 'image/png' };

/** What else is to be known about sales. */
@ApiTags('sales')
@ApiBearerAuth()
@PublicWhere(({ sales }) => sales.isAnonymous)
@ApiProblems('unauthorized', 'database-unavailable', 'validation-failed')
@Controller('sales')
export class SalesInsightsController {
  constructor(private readonly reader: SalesReader) {}

  /** Names that were received and that the dictionary does not have; their sales are kept under their own name. */
  @Get('unknown-names')
  @ApiProduces('application/json', 'text/csv')
  @ApiOkResponse({ type: [UnknownNameDto] })
  async listUnknownNames(
    @Query() query: SalesPageQueryDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Buffer | Readable | undefined> {
    const answer = await this.reader.readUnknownNames(query, chooseFormat(request.headers.accept));
    return presentAnswer(request, reply, answer);
  }

  /** Monthly sales as a picture, outliers marked: the ten vegetables that sell most, or those asked for. */
  @Get('chart.svg')
  @ApiOkResponse({ content: { 'image/svg+xml': { schema: { type: 'string' } } } })
  async getChartSvg(
    @Query() query: SalesFilterQueryDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Buffer | Readable | undefined> {
    const answer = await this.reader.readChart(query, svg, (rows) => drawSvg(monthlySalesPlot(rows)));
    return presentAnswer(request, reply, answer);
  }

  /** The same picture as PNG. */
  @Get('chart.png')
  @ApiOkResponse({ content: { 'image/png': { schema: { type: 'string', format: 'binary' } } } })
  async getChartPng(
    @Query() query: SalesFilterQueryDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Buffer | Readable | undefined> {
    const answer = await this.reader.readChart(query, png, (rows) => drawPng(monthlySalesPlot(rows)));
    return presentAnswer(request, reply, answer);
  }
}
