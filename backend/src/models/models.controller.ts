import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { type Page, PageQueryDto } from '../common/crud/page.dto.js';
import { ApiProblems } from '../common/decorators/api-problems.decorator.js';
import { ModelDto, ModelPageDto } from './dto/model.dto.js';
import { ModelsService } from './models.service.js';

@ApiTags('models')
@ApiBearerAuth()
@ApiProblems('unauthorized', 'registry-unavailable')
@Controller('models')
export class ModelsController {
  constructor(private readonly models: ModelsService) {}

  /** Lists registered models with their latest versions and which of them answers. */
  @Get()
  @ApiProblems('validation-failed')
  listModels(@Query() query: PageQueryDto): Promise<ModelPageDto> {
    return this.models.listModels(query) satisfies Promise<Page<ModelDto>>;
  }

  /** Shows a registered model with all of its versions. */
  @Get(':name')
  @ApiProblems('model-not-found')
  getModel(@Param('name') name: string): Promise<ModelDto> {
    return this.models.getModel(name);
  }
}
