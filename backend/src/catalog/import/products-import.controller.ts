import { Controller, HttpCode, Post, Req } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { AcceptsBody } from '../../common/decorators/accepts-body.decorator.js';
import { ApiProblems } from '../../common/decorators/api-problems.decorator.js';
import { ImportReportDto } from './dto/import-report.dto.js';
import { ApiProductsFile } from './products-import.docs.js';
import { STREAMED_MEDIA_TYPES } from './streamed-bodies.js';
import { ProductsImportService } from './products-import.service.js';

@ApiTags('products')
@ApiBearerAuth()
@Controller('products')
export class ProductsImportController {
  constructor(private readonly imports: ProductsImportService) {}

  /** Stores the valid rows of a CSV file, compressed or not, and reports the others; it may be sent again at any time. */
  @Post('import')
  @HttpCode(200)
  @AcceptsBody({ types: ['multipart/form-data', ...STREAMED_MEDIA_TYPES], limit: 'import' })
  @ApiProductsFile()
  @ApiProblems(
    'unauthorized',
    'bad-request',
    'import-unreadable',
    'payload-too-large',
    'unsupported-media-type',
  )
  @ApiProblems('validation-failed', 'overloaded', 'database-unavailable')
  importProducts(@Req() request: FastifyRequest): Promise<ImportReportDto> {
    return this.imports.importFile(request);
  }
}
