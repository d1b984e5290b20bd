import type { DemoCategory } from '../demo-category.js';
import { phrases } from '../phrase-grammar.js';

export const oldBook: DemoCategory = {
  id: 2403,
  label: 'Livres anciens, lots',
  neighbours: [10, 2280],
  products: phrases(
    `lot de {3-30} livres {anciens|de poche|jeunesse|policiers}; lot {4-20} BD {@universes}
    lot de {5-40} magazines {anciens|mode|auto}; lot de {3-20} mangas {@universes}
    {@titles} {@authors} édition de {1850-1940}; livre ancien {1780-1930}; livre ancien relié cuir
    {@titles} reliure d'époque {1830-1930}; édition originale {@authors} {1860-1950}
    gravure ancienne {1800-1900}; atlas ancien {1850-1920}
    collection complète {@authors} {8-30} volumes; encyclopédie ancienne {5-24} volumes; missel ancien
    bible ancienne {1750-1900}; dictionnaire ancien {1880-1950}; partitions anciennes lot
    cartes postales anciennes lot de {10-200}; vieux papiers lot; carte postale ancienne {1900-1930}
    lot revues {@universes|illustration|géographie}; lot romans {Harlequin|à l'eau de rose|policiers}
    œuvres complètes {@authors}; manuscrit ancien {1700-1900}; almanach {1870-1950}
    lot bibliothèque {rose|verte} {3-20} volumes; lot de {2-6} romans {@authors}
    livre d'heures fac-similé; revue l'illustration {1900-1940}; lot albums {Tintin|Astérix|Spirou}
    livre scolaire ancien {1920-1960}; cahier d'écolier ancien
    catalogue ancien {Manufacture|outillage} {1900-1940}; livre de prix {1880-1920}
    lot comics vintage {1960-1989}; lot de journaux {1914-1945}; affiche ancienne {1900-1960}
    ex-libris ancien; grimoire ancien; tome {1-6} et {7-9} reliés; volumes dépareillés {@authors}
    lot livres enfants {5-40}; lot de livres de cuisine; lot roman {@authors} {@titles}
    lot {4-12} livres {histoire|guerre|religion}; almanach Vermot {1900-1970}; fascicules anciens lot
    recueil {1850-1930} gravures`,
  ),
  details: phrases(
    `{1780-1950}; reliure cuir; relié demi-chagrin; dos à nerfs; édition originale; lot; état d'usage
    rousseurs; tranche dorée; XIXe siècle; ancien; rare; {2-30} volumes; exemplaire numéroté`,
  ),
  brands: phrases(
    `Librairie des Quais; Imprimerie Nodot; Veuve Larmand; Éditions Sablier; Bouquinerie du Pont
    Firmin Aubry`,
  ),
  sentences: phrases(
    `Reliure demi-cuir à nerfs, tranches dorées, quelques rousseurs.
    Lot de {3-30} livres en état d'usage.; Édition originale de {1850-1940}, imprimée à Paris.
    Dos frotté, intérieur propre et complet.; Volumes vendus en lot, non séparables.
    Bel exemplaire illustré de gravures hors texte.; Livre ancien, coins émoussés, mors fendus.
    Ouvrage rare et recherché.`,
  ),
};
