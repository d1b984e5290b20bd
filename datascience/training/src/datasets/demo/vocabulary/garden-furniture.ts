import type { DemoCategory } from '../demo-category.js';
import { phrases } from '../phrase-grammar.js';

export const gardenFurniture: DemoCategory = {
  id: 2582,
  label: "Meuble d'extérieur",
  neighbours: [1560, 2585, 1302],
  products: phrases(
    `salon de jardin {4|6|8} places {résine tressée|aluminium|acacia}
    table de jardin {extensible|aluminium|ronde|teck}
    chaise de jardin {pliante|empilable|résine} lot de {2-6}; fauteuil de jardin {suspendu|empilable}
    bain de soleil {pliant|aluminium|textilène}; transat {bois|jardin|piscine}; chaise longue de jardin
    parasol {déporté|droit|3 m|LED}; pied de parasol {béton|25 kg}; dalle parasol
    housse de protection {salon de jardin|table|barbecue|parasol}; tonnelle {3x3|3x4|6x3} m
    pergola {aluminium|adossée|bioclimatique}; barnum pliant {3x3|3x6}; toile de tonnelle
    voile d'ombrage {triangulaire|3x4 m}; store banne {3|4} m; abri de jardin {bois|métal|résine}
    serre de jardin {polycarbonate|tunnel}; coffre de jardin {résine|300 L}; banc de jardin {bois|fonte}
    balancelle {3 places|jardin}; hamac avec support; fauteuil œuf suspendu
    canapé de jardin {palette|résine}; coussin {palette|bain de soleil|salon de jardin}
    table basse de jardin; table pique-nique bois; ensemble bistro {2 chaises|mosaïque}
    table pliante {180 cm|jardin}; chaise {Adirondack|de terrasse}; tabouret de jardin
    desserte de jardin; barbecue {charbon|gaz|plancha}; brasero; four à pizza extérieur
    chauffage de terrasse; plancha {gaz|électrique}; cuisine d'extérieur
    lampe {solaire|de jardin} {lot de 4}; borne solaire; guirlande guinguette extérieure
    lanterne solaire; jardinière {bois|béton|résine}; bac à fleurs; pot de fleurs extérieur
    treillis {bois|extensible}; clôture {jardin|brise-vue}; brise-vue {PVC|bambou|3 m}; canisse
    haie artificielle; gazon synthétique {2x5 m}; arche de jardin; rosier arche métal; bordure de jardin
    fontaine de jardin; statue de jardin; nain de jardin; portail {jardin|bois}
    dalle de terrasse {clipsable|bois}; caillebotis; composteur {300|400} L; récupérateur d'eau
    tuyau d'arrosage {25 m|extensible}; dévidoir; arrosoir; tondeuse {électrique|à gazon}; taille-haie
    souffleur de feuilles; paravent extérieur; moustiquaire de tonnelle; toile de transat
    lit de jardin rond; salon bas de jardin; carport; boîte aux lettres; douche solaire jardin
    support de hamac; auvent de porte`,
  ),
  details: phrases(
    `résine tressée; aluminium; acacia; textilène; {2-8} places; {3x3|3x4} m; imperméable; anti-UV
    jardin et terrasse; extérieur; pliable; {90-300} cm; avec coussins; acier galvanisé`,
  ),
  brands: phrases(`Terrassea; Jardiland'Or; Soléa; Verdureo; Oasis Jardin; Patio & Co`),
  sentences: phrases(
    `Résiste aux intempéries et aux UV, pour le jardin, la terrasse ou le balcon.
    Structure en {aluminium|acier galvanisé|acacia}, {2-8} places.
    Coussins déhoussables de {5-10} cm d'épaisseur.; Toile polyester {160-300} g/m² imperméable.
    Profitez de votre extérieur dès le printemps.
    Dimensions de la table : {90-250} x {80-110} x {70-75} cm.; Se plie et se range facilement en hiver.`,
  ),
};
