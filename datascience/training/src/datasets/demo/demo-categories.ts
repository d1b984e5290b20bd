import type { DemoCategory } from './demo-category.js';
import { babyAccessory } from './vocabulary/baby-accessory.js';
import { beddingCurtain } from './vocabulary/bedding-curtain.js';
import { boardGame } from './vocabulary/board-game.js';
import { book } from './vocabulary/book.js';
import { childrenToy } from './vocabulary/children-toy.js';
import { collectibleCard } from './vocabulary/collectible-card.js';
import { collectibleMiniature } from './vocabulary/collectible-miniature.js';
import { digitalBook } from './vocabulary/digital-book.js';
import { diyTool } from './vocabulary/diy-tool.js';
import { fantasyUniverse } from './vocabulary/fantasy-universe.js';
import { figurine } from './vocabulary/figurine.js';
import { gameAccessory } from './vocabulary/game-accessory.js';
import { gameBundle } from './vocabulary/game-bundle.js';
import { gameConsole } from './vocabulary/game-console.js';
import { gardenFurniture } from './vocabulary/garden-furniture.js';
import { grocery } from './vocabulary/grocery.js';
import { homeDecoration } from './vocabulary/home-decoration.js';
import { indoorFurniture } from './vocabulary/indoor-furniture.js';
import { leisure } from './vocabulary/leisure.js';
import { magazineComic } from './vocabulary/magazine-comic.js';
import { officeSupply } from './vocabulary/office-supply.js';
import { oldBook } from './vocabulary/old-book.js';
import { outdoorActivity } from './vocabulary/outdoor-activity.js';
import { pcGame } from './vocabulary/pc-game.js';
import { petAccessory } from './vocabulary/pet-accessory.js';
import { swimmingPool } from './vocabulary/swimming-pool.js';
import { videoGame } from './vocabulary/video-game.js';

/** The categories of the synthetic catalogue. */
export const demoCategories: readonly DemoCategory[] = [
  book,
  digitalBook,
  magazineComic,
  oldBook,
  officeSupply,
  videoGame,
  pcGame,
  gameAccessory,
  gameConsole,
  gameBundle,
  figurine,
  collectibleCard,
  fantasyUniverse,
  childrenToy,
  boardGame,
  collectibleMiniature,
  leisure,
  outdoorActivity,
  babyAccessory,
  indoorFurniture,
  beddingCurtain,
  grocery,
  homeDecoration,
  petAccessory,
  gardenFurniture,
  swimmingPool,
  diyTool,
];
