import type { INestApplication } from '@nestjs/common';
import type { OpenAPIObject } from '@nestjs/swagger';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { describeProblems } from './common/errors/describe-problems.js';
import { ProblemDto } from './common/errors/problem.dto.js';
import type { AppConfig } from './config/app-config.js';
import metadata from './metadata.generated.js';

/** Version of the HTTP API, as its addresses say it. */
const API_VERSION = '1';

let isMetadataLoaded = false;

/** Describes the whole API (OpenAPI 3) from its decorators and the types and comments of its sources. */
export async function buildApiDocument(app: INestApplication, config: AppConfig): Promise<OpenAPIObject> {
  if (!isMetadataLoaded) {
    await SwaggerModule.loadPluginMetadata(metadata);
    isMetadataLoaded = true;
  }
  const description = new DocumentBuilder()
    .setTitle(`${config.projectName} API`)
    .setDescription(
      'Says which category a product belongs to, from its designation, its description and its photo. ' +
        'Errors are problem documents (RFC 9457): branch on their `code`.',
    )
    .setVersion(API_VERSION)
    .addBearerAuth()
    .build();
  const document = SwaggerModule.createDocument(app, description, {
    operationIdFactory: (_controller, method) => method,
    extraModels: [ProblemDto],
  });
  return describeProblems(document);
}

/** Shows the document at `/docs` and serves it at `/docs-json`. */
export async function setUpApiDocument(app: INestApplication, config: AppConfig): Promise<void> {
  const document = await buildApiDocument(app, config);
  SwaggerModule.setup('docs', app, document, {
    jsonDocumentUrl: 'docs-json',
    yamlDocumentUrl: 'docs-yaml',
    customSiteTitle: document.info.title,
  });
}
