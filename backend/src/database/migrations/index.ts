import { CreateUsers1763600000000 } from './1763600000000-create-users.js';
import { CreatePredictions1763600100000 } from './1763600100000-create-predictions.js';
import { CreateFeedback1763600200000 } from './1763600200000-create-feedback.js';
import { CreateSales1763600500000 } from './1763600500000-create-sales.js';
import { CreateModelPromotions1763600600000 } from './1763600600000-create-model-promotions.js';
import { CreateCatalog1763600700000 } from './1763600700000-create-catalog.js';
import { CreateTimeToSell1763600800000 } from './1763600800000-create-time-to-sell.js';
import { CreateExperiments1763600900000 } from './1763600900000-create-experiments.js';
import { CreateCustomers1763601000000 } from './1763601000000-create-customers.js';
import { CreatePipelines1763601100000 } from './1763601100000-create-pipelines.js';

/** Every migration, oldest first. A new one goes at the end, with a later timestamp in its class name. */
export const migrations = [
  CreateUsers1763600000000,
  CreatePredictions1763600100000,
  CreateFeedback1763600200000,
  CreateSales1763600500000,
  CreateModelPromotions1763600600000,
  CreateCatalog1763600700000,
  CreateTimeToSell1763600800000,
  CreateExperiments1763600900000,
  CreateCustomers1763601000000,
  CreatePipelines1763601100000,
];
