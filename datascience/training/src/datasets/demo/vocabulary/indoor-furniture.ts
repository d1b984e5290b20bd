import type { DemoCategory } from '../demo-category.js';
import { phrases } from '../phrase-grammar.js';

export const indoorFurniture: DemoCategory = {
  id: 1560,
  label: "Meuble d'intérieur",
  neighbours: [2582, 2060, 1920],
  products: phrases(
    `table basse {bois|verre|relevable|scandinave}; table à manger {extensible|chêne|6 personnes}
    chaise {scandinave|de salle à manger|velours} lot de {2-6}
    canapé {d'angle|convertible|2 places|3 places}; fauteuil {relax|crapaud|scandinave|cabriolet}
    pouf {rond|coffre}; armoire {2|3} portes; penderie; dressing {ouvert|modulable}
    commode {3|4|6} tiroirs; buffet {bas|haut|laqué}; bibliothèque {étagère|5 niveaux}
    étagère murale {cube|bois}; meuble TV {140|160} cm; bureau {d'angle|informatique|enfant}
    chaise de bureau {ergonomique|pivotante}; lit {140x190|160x200|coffre|mezzanine|superposé}
    tête de lit {capitonnée|bois}; sommier {tapissier|à lattes}
    matelas {mémoire de forme|ressorts} {140x190|160x200|90x190}; chevet {1|2} tiroirs; table de nuit
    coiffeuse avec miroir; meuble de salle de bain {vasque|sous lavabo}; colonne de salle de bain
    armoire de toilette; meuble à chaussures {2|3} abattants; banc coffre; portemanteau {sur pied|mural}
    console {d'entrée|extensible}; vitrine {murale|verre}; vaisselier; desserte de cuisine; îlot central
    tabouret de bar {réglable|lot de 2}; table haute; meuble de cuisine {bas|haut}; plan de travail
    caisson {2 tiroirs|rangement}; casier de rangement; cube de rangement; meuble à roulettes
    paravent {3|4} panneaux; canapé-lit; clic-clac; banquette BZ; méridienne; fauteuil de massage
    chaise longue intérieur; rocking-chair; table gigogne lot de {2|3}; bout de canapé; guéridon
    secrétaire bois; meuble d'angle; range bouteilles; porte-revues; lit gigogne; lit enfant cabane
    bureau assis debout; armoire métallique; meuble industriel {bois métal}; porte coulissante placard
    séparation de pièce; tapis protège-sol chaise`,
  ),
  details: phrases(
    `{60-200} cm; bois massif; pin; chêne; MDF laqué blanc; {2-6} tiroirs
    style {scandinave|industriel|vintage}; velours; pieds métal; salon; chambre; salle à manger
    L {60-200} x P {30-90} x H {40-200} cm`,
  ),
  brands: phrases(`Maisonéa; Bois & Ligne; Skandi Home; Mobiléo; Atelier Vauban; Nordhus`),
  sentences: phrases(
    `Meuble en {panneaux de particules|pin massif|MDF} facile à monter, notice fournie.
    Dimensions : L {60-200} x P {30-90} x H {40-200} cm.
    Apporte du rangement et du style à votre salon ou votre chambre.
    Assise rembourrée en mousse, revêtement {tissu|simili cuir|velours}.; Charge maximale {20-150} kg.
    Pieds en bois de hêtre, style scandinave.; Meuble livré en kit.`,
  ),
};
