import type { DemoCategory } from '../demo-category.js';
import { phrases } from '../phrase-grammar.js';

export const pcGame: DemoCategory = {
  id: 2905,
  label: 'Jeu vidéo PC',
  neighbours: [40, 2705],
  products: phrases(
    `{@games} PC; jeu PC {@games}; {@games} {PC|Mac} à télécharger; {@games} (PC) CD-ROM
    jeu PC DVD-ROM {@games}; {@games} clé Steam; code Steam {@games}; clé d'activation {@games}
    {@games} version dématérialisée PC; extension {Les Sims 3|Les Sims 4} PC
    jeu en téléchargement {@games}; jeu d'objets cachés PC; jeu de gestion PC {ferme|ville|hôpital|zoo}
    jeu de stratégie PC {guerre|médiéval}; simulateur de {vol|train|camion|tracteur} PC
    jeu de rôle PC {@games}; MMORPG PC abonnement {30|60} jours
    jeu d'aventure PC {point and click|enquête}; jeu de tir PC; jeu FPS PC; jeu PC Windows {7|10|XP}
    jeu Mac {@games}; jeu de course PC; jeu de football PC
    jeu de réflexion PC {mahjong|solitaire|match 3}; jeu éducatif PC {Adibou|CE1|maths}
    compilation {3-10} jeux PC; jeu PC big box {1990-1999}; jeu PC collector {@games}
    add-on PC {@games}; disque additionnel {@games} PC; pass saison {@games} PC
    bundle Steam {3-10} jeux; carte cadeau Steam {20|50} euros; jeu indépendant PC; jeu d'horreur PC
    jeu de survie PC {île|espace}; tycoon PC {parc|train}; city builder PC; jeu d'échecs PC; wargame PC
    jeu de flipper PC; jeu de poker PC; jeu Origin {@games}; jeu Uplay {@games}
    jeu d'enquête PC {Sherlock|Agatha}; jeu fantasy PC; simulation de ferme PC; simulateur de bus PC
    simulateur de construction PC; jeu de cuisine PC restaurant; jeu de pêche PC; jeu de chasse PC
    jeu bac à sable PC`,
  ),
  details: phrases(
    `PC; Windows {7|8|10}; clé Steam; à télécharger; DVD-ROM; CD-ROM; code en ligne; PC / Mac
    version numérique; édition complète; VF`,
  ),
  brands: phrases(`Ludopix; Studio Helios; Minuit Interactive; Grand Large Games; Tycoonia; Nébula Games`),
  sentences: phrases(
    `Configuration minimale : Windows {7|10}, {2-8} Go de RAM, {5-50} Go d'espace disque.
    Clé d'activation envoyée par e-mail.; Jeu PC en boîte avec manuel.
    Activation sur Steam obligatoire.; Retrouvez tous les indices et résolvez l'enquête.
    Construisez votre ville et gérez votre budget.
    Compatible PC et Mac, processeur {2|3} GHz, carte graphique {512|1024} Mo.
    Téléchargement immédiat, jeu en français.`,
  ),
};
