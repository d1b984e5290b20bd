import type { DemoCategory } from '../demo-category.js';
import { phrases } from '../phrase-grammar.js';

export const outdoorActivity: DemoCategory = {
  id: 1302,
  label: "Activité d'extérieur",
  neighbours: [1301, 2582, 1280],
  products: phrases(
    `tente de camping {2|3|4|6} places; tente {dôme|pop-up|familiale|igloo}
    sac de couchage {grand froid|-5°C|été|momie}; matelas gonflable camping; réchaud {à gaz|camping}
    lampe {frontale|torche|de camping}; sac à dos randonnée {30-70} L; bâtons de randonnée
    gourde isotherme {randonnée|1 L}; jumelles {10x42|8x21}; boussole; couteau {suisse|pliant|de survie}
    hamac {voyage|de camping}; duvet; popote camping; glacière {24|32} L; table pliante camping
    chaise pliante camping; trampoline {2,44|3,05|4} m; filet de trampoline
    balançoire {portique|double|nid}; portique {bois|métal}; toboggan {jardin|2 m}
    cabane {enfant|de jardin}; bac à sable; structure gonflable château; mur d'escalade enfant
    tyrolienne jardin; vélo {VTT|tout chemin|pliant|électrique|enfant 16 pouces}; casque vélo
    antivol vélo; pompe à vélo; selle vélo gel; éclairage vélo LED; sacoche vélo; porte-bébé vélo
    chambre à air {26|27,5|29}; pneu VTT; compteur vélo; remorque vélo; kayak gonflable; stand up paddle
    canoë; gilet de sauvetage; pagaie; planche de surf; combinaison néoprène {3 mm}; bouée tractée
    trottinette {électrique|adulte|2 roues}; luge {enfant|bois}; raquettes à neige
    skis {alpins|paraboliques} {150-180} cm; chaussures de ski; pistolet à eau; aire de jeux extérieur
    but de foot pliable; panier de basket {sur pied|mural}; jeu de plein air {géant|quilles}; draisienne
    kart à pédales; voiture électrique enfant 12V; quad électrique enfant; moto électrique enfant
    canne et sac de pêche; tabouret de pêche; épuisette; caméra de chasse; jumelles de chasse
    corde d'escalade; mousqueton; baudrier; veste {imperméable|de randonnée}; poncho de pluie
    chaussures de randonnée; bivouac; kit de survie; couverture de survie; tarp {3x3} m; abri pop-up
    piquets de tente; bâche de sol tente; auvent {caravane|camping-car}; douche solaire camping
    toilettes chimiques; gants de {vélo|ski}; lunettes de ski; bonnet {polaire|randonnée}; longue-vue
    détecteur de métaux; talkie-walkie {longue portée}; ballon sauteur`,
  ),
  details: phrases(
    `{2-8} places; {2-4} m; imperméable; pliable; ultra léger; randonnée; camping; extérieur; {20-70} L
    enfant et adulte; plein air; {1000-3000} mm; {26|28} pouces`,
  ),
  brands: phrases(`Altipéak; Bivouaka; Grand Air; Rando+; Cimes; Nordiska`),
  sentences: phrases(
    `Idéal pour le camping, la randonnée et les sorties en plein air.
    Toile imperméable {1500-3000} mm, montage en {2-15} minutes.
    Structure en acier galvanisé résistante aux intempéries.; Charge maximale : {50-150} kg.
    Se range dans son sac de transport.; Poids : {1-12} kg, dimensions pliées {20-90} cm.
    Pour les enfants de {3-12} ans, à utiliser sous la surveillance d'un adulte.`,
  ),
};
