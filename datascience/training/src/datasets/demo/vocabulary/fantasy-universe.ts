import type { DemoCategory } from '../demo-category.js';
import { phrases } from '../phrase-grammar.js';

export const fantasyUniverse: DemoCategory = {
  id: 1180,
  label: 'Univers fantastiques',
  neighbours: [1140, 1160, 1281],
  products: phrases(
    `figurine Warhammer {40000|Age of Sigmar|40k}
    figurines Warhammer {Space Marine|Orks|Elfes|Nécrons|Skavens}
    jeu de rôle {Donjons et Dragons|Pathfinder|L'Appel de Cthulhu}
    livre de règles {Warhammer|jeu de rôle}; codex Warhammer {Eldars|Tyranides|Space Marines}
    figurine {gobelin|orque|elfe|dragon|nain|sorcier} à peindre
    peinture pour figurines {acrylique|Warhammer}; décor {Warhammer|wargame} ruines
    épée {médiévale|viking|elfique}; hache viking décorative; dague fantastique; bouclier médiéval
    casque {viking|romain|gladiateur}; cotte de mailles
    costume {sorcière|vampire|elfe|pirate|viking} adulte
    déguisement {mousquetaire|zombie|chevalier|gothique}; cape {à capuche|vampire|médiévale}
    masque {démon|loup-garou|alien|horreur} latex; perruque {elfe|sorcière|cosplay}
    cosplay {@universes}; lentilles {zombie|vampire}; statue dragon {résine|gothique}
    crâne {résine|gothique} décoration; gargouille; calice {dragon|templier}
    pendentif {pentagramme|viking|marteau de Thor}; bague tête de mort; collier {dent de dragon|elfique}
    dés de jeu de rôle {polyédriques|set de 7}; écran du maître de jeu; scénario jeu de rôle
    carte {Donjon|plan} jeu de rôle; figurine {Reaper|Hordes|Warmachine}
    figurines Confrontation {Rackham}; Heroclix {@universes}
    figurine Seigneur des anneaux {Gandalf|Nazgûl|Uruk-hai} métal; bougie {crâne|sorcière}
    boule de cristal; grimoire {factice|carnet}; baguette de sorcier; corne à boire viking
    encens dragon; tarot {gothique|divinatoire}; jupe gothique; corset {steampunk|gothique}
    lunettes steampunk; chapeau {sorcière|steampunk}; poupée vampire
    fée {statuette|figurine} avec licorne; licorne {résine|statuette}; armure {latex|GN}
    arme de GN en mousse; arbalète décorative`,
  ),
  details: phrases(
    `Games workshop; métal; plastique; à monter et à peindre; {28|32} mm; gothique; médiéval; fantasy
    {3-20} figurines; Halloween; taille {S|M|L|XL}; {10-100} cm`,
  ),
  brands: phrases(`Drakkar Forge; Nécropolis; Elfinor; Mithrilia; Runes et Cie; Grand Dragon`),
  sentences: phrases(
    `Figurines en plastique à monter et à peindre, échelle {28|32} mm.
    Parfait pour Halloween, un GN ou une soirée médiévale.
    Statue en résine peinte à la main, style gothique.
    Livre de base pour {2-6} joueurs et un maître de jeu.; Costume complet : tunique, cape et ceinture.
    Plongez dans un univers de dragons, d'elfes et de sorciers.; Armée {du chaos|des elfes|des orques}.`,
  ),
};
