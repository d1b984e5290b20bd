import { ApiProperty } from '@nestjs/swagger';
import type { ProblemCode } from './problems.js';
import { problemCodes } from './problems.js';

/** One invalid member of a request. */
export class FieldErrorDto {
  /** JSON pointer to the member, as a URI fragment: `#/email`. */
  pointer!: string;
  /** What is wrong with it. */
  detail!: string;
}

/** A problem document (RFC 9457): the body of every answer of 400 and above. */
export class ProblemDto {
  /** Reference that identifies the kind of problem and answers with its description. */
  type!: string;
  /** Short summary of the kind of problem. */
  title!: string;
  /** HTTP status. */
  status!: number;
  /** Stable name of the kind of problem: branch on this one. */
  @ApiProperty({ enum: problemCodes, enumName: 'ProblemCode' })
  code!: ProblemCode;
  /** What is wrong this time. */
  detail?: string;
  /** Path of the request. */
  instance?: string;
  /** Name of this request in the logs. */
  traceId!: string;
  /** Invalid members of the request. */
  errors?: FieldErrorDto[];
}

/** What the catalogue says of one kind of problem. */
export class ProblemDescriptionDto {
  /** Reference that identifies the kind of problem. */
  type!: string;
  /** Stable name of the kind of problem. */
  @ApiProperty({ enum: problemCodes, enumName: 'ProblemCode' })
  code!: ProblemCode;
  /** HTTP status. */
  status!: number;
  /** Short summary of the kind of problem. */
  title!: string;
}
