import { applyDecorators } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiConsumes } from '@nestjs/swagger';

/** Largest body of a route in bytes, by what the route takes. */
export interface BodyLimits {
  default: number;
  /** A JSON body with one photo in base64. */
  image: number;
  /** A batch of products. */
  batch: number;
  /** A file of products, inflated. */
  import: number;
}

/** What a route's body may be. */
export interface BodyRules {
  /** Media types that are read; any other is a 415. JSON alone where nothing is said. */
  types?: readonly string[];
  /** Which limit applies; a longer body is a 413. */
  limit?: keyof BodyLimits;
  /** Area of the configuration whose `isAnonymous` lets a stranger send a body larger than usual. */
  anonymousBy?: 'sales';
}

/** Says which bodies a route accepts; `registerBodyRules` applies it. */
export function AcceptsBody(rules: BodyRules): MethodDecorator {
  return applyDecorators(
    RouteConfig({ bodyRules: rules }),
    ...(rules.types ? [ApiConsumes(...rules.types)] : []),
  );
}
