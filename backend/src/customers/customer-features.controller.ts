import { Controller, Get, Param, Query, StreamableFile } from '@nestjs/common';
import { ApiBearerAuth, ApiProduces, ApiTags } from '@nestjs/swagger';
import { ApiProblems } from '../common/decorators/api-problems.decorator.js';
import { CustomerFeaturesDto, toCustomerFeaturesDto } from './dto/customer-features.dto.js';
import { CustomerParamsDto, ExportQueryDto, FeaturesQueryDto } from './dto/customer-query.dto.js';
import { EXPORT_FORMATS, FeatureExport } from './features/feature-export.js';
import { FeatureReader } from './features/feature-reader.js';

@ApiTags('customers')
@ApiBearerAuth()
@ApiProblems('unauthorized', 'validation-failed', 'database-unavailable')
@Controller('customers')
export class CustomerFeaturesController {
  constructor(
    private readonly features: FeatureReader,
    private readonly exports: FeatureExport,
  ) {}

  /** Exports the whole feature store as a file: `idx, attr_a, attr_b, scd_a, scd_b, label`, by rising `idx`. */
  @Get('features/export')
  @ApiProduces(...Object.values(EXPORT_FORMATS).map(({ contentType }) => contentType))
  @ApiProblems('overloaded')
  exportFeatures(@Query() { format }: ExportQueryDto): StreamableFile {
    return new StreamableFile(this.exports.open(format), {
      type: EXPORT_FORMATS[format].contentType,
      disposition: `attachment; filename="features.${format}"`,
    });
  }

  /** Reads one customer of the feature store, at the label’s time or at any other. */
  @Get(':idx/features')
  @ApiProblems('customer-not-found')
  async getFeatures(
    @Param() { idx }: CustomerParamsDto,
    @Query() { at }: FeaturesQueryDto,
  ): Promise<CustomerFeaturesDto> {
    const features = at ? this.features.getFeaturesAt(idx, at) : this.features.getFeatures(idx);
    return toCustomerFeaturesDto(await features);
  }
}
