export { comparePromotion, type GateResult, type GateScores } from './gate.js';
export {
  promote,
  PromotionRefusedError,
  rollback,
  type AliasMove,
  type MoveRequest,
  type PromoteRequest,
} from './promote.js';
export {
  METRIC_TAG_PREFIX,
  readPromotionNote,
  REMATCH_TAG_PREFIX,
  type PromotionAction,
  type PromotionNote,
} from './promotion-tags.js';
