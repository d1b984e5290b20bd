import { CustomerSteps } from '../../customers/customer-steps.js';
import type { Step, StepParameters } from '../../customers/loading/step.js';
import type { ServiceResolver, StepHandler } from '../definitions/step.js';

/** Binds a step to the customers' step of that name; the run's parameters were checked against the pipeline's. */
export function customerStep(name: keyof CustomerSteps): (resolve: ServiceResolver) => StepHandler {
  return (resolve) => {
    const step: Step = resolve(CustomerSteps)[name];
    return (context) => step({ ...context, parameters: context.parameters as StepParameters });
  };
}
