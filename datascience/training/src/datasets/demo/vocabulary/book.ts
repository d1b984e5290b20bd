import type { DemoCategory } from '../demo-category.js';
import { phrases } from '../phrase-grammar.js';

export const book: DemoCategory = {
  id: 10,
  label: 'Livre',
  neighbours: [2403, 2705, 2280],
  products: phrases(
    `{@titles} - {@authors}, roman poche; {@titles} de {@authors}; {@authors} : {@titles}
    roman {@titles} - {@authors}
    {@titles} - {@authors}, {broché|grand format|livre de poche|poche|édition intégrale}
    livre {@titles} {@authors}; roman policier {@titles}; thriller {@authors}; polar {@titles}
    roman historique {@titles}; roman d'amour {@titles}
    livre de cuisine {facile|végétarienne|italienne|du monde}
    livre de recettes {minceur|rapides|de famille}
    guide de voyage {Italie|Portugal|Bretagne|Japon|Grèce|Corse}; guide touristique {Paris|Rome|Londres}
    dictionnaire {français anglais|de poche|espagnol|illustré}; grammaire française
    livre de conjugaison
    manuel scolaire {mathématiques|histoire géographie|physique chimie|français} {6e|5e|4e|3e|seconde|terminale}
    annales du bac {philosophie|mathématiques}; cahier de vacances {CP|CE1|CM2}
    livre pour enfant {album illustré|histoires du soir}; album jeunesse {cartonné|illustré}
    livre d'éveil; conte illustré {@titles}; recueil de poésie {@authors}; théâtre {@authors} {@titles}
    essai {politique|philosophique|économique} {@authors}; biographie de {@authors}
    autobiographie {@authors}; livre de développement personnel; livre de psychologie
    livre de management; livre d'art {peinture|photographie|architecture}
    beau livre {nature|châteaux de France|montagne}; atlas {géographique|du monde|routier}
    encyclopédie {animaux|des sciences|de la mer}; livre de jardinage; livre de bricolage
    livre de science-fiction; roman fantastique {@authors}; roman jeunesse {@titles}
    livre religieux {Bible|spiritualité}; livre de droit {civil|du travail}
    code de la route {livre|manuel}; livre de médecine
    anthropologie et sociologie ouvrage {universitaire|collectif}; histoire de France {@authors}
    nouvelles {@authors}; coffret {2-4} romans {@authors}; livre d'informatique {programmation|réseaux}
    livre d'anglais méthode; partition et méthode de {piano|guitare}
    livre de coloriage {adulte|mandala}; livre audio CD {@titles}`,
  ),
  details: phrases(
    `roman poche; broché; édition de poche; {180-620} pages; tome {1-7}; collection Clair-Obscur
    format poche; édition {1995-2019}; prix des lecteurs; version intégrale; couverture souple
    littérature française; nouvelle édition`,
  ),
  brands: phrases(
    `Éditions du Belvédère; Clair-Obscur; Plume et Cie; Éditions Sablier; Folioral; La Pierre Levée`,
  ),
  sentences: phrases(
    `Un roman bouleversant de {@authors}, paru en {1980-2019}.
    Ce livre de {180-620} pages se lit d'une traite.
    L'auteur nous entraîne dans une histoire de famille, d'amour et de secrets.
    Édition de poche, couverture souple, français.; Un classique de la littérature à lire et à relire.
    Dans ce roman, l'auteur raconte la vie d'un village au siècle dernier.
    Ouvrage de référence pour les étudiants et les enseignants.; Texte intégral avec notes et dossier.
    Premier tome d'une trilogie.`,
  ),
};
