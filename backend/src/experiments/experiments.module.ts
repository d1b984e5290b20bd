import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { CatalogModule } from '../catalog/catalog.module.js';
import { ModelsModule } from '../models/models.module.js';
import { ArmBuilder } from './arm-builder.js';
import { RunningExperiment } from './assignment/running-experiment.js';
import { ExperimentArm } from './entities/experiment-arm.entity.js';
import { Experiment } from './entities/experiment.entity.js';
import { ExperimentsController } from './experiments.controller.js';
import { ExperimentsRepository } from './experiments.repository.js';
import { ExperimentsService } from './experiments.service.js';
import { ExperimentResultsService } from './results/experiment-results.service.js';
import { WinnerService } from './results/winner.service.js';

/** A/B between snapshots: assignment, results with significance, promotion of the winner. */
@Module({
  imports: [TypeOrmModule.forFeature([Experiment, ExperimentArm]), CatalogModule, ModelsModule],
  controllers: [ExperimentsController],
  providers: [
    ArmBuilder,
    ExperimentsRepository,
    ExperimentsService,
    ExperimentResultsService,
    RunningExperiment,
    WinnerService,
  ],
})
export class ExperimentsModule {}
