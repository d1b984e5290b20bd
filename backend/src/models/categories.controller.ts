import { Controller, Get } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { ApiProblems } from '../common/decorators/api-problems.decorator.js';
import { CategoryDto } from './dto/category.dto.js';
import { ModelsService } from './models.service.js';

@ApiTags('categories')
@ApiBearerAuth()
@Controller('categories')
export class CategoriesController {
  constructor(private readonly models: ModelsService) {}

  /** Lists the categories that products are put into, as the model in service knows them. */
  @Get()
  @ApiProblems('unauthorized', 'model-not-ready')
  listCategories(): CategoryDto[] {
    return this.models.getCategories().map(({ id, label }) => ({ category_id: id, label }));
  }
}
