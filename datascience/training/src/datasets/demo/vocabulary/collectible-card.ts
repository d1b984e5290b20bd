import type { DemoCategory } from '../demo-category.js';
import { phrases } from '../phrase-grammar.js';

export const collectibleCard: DemoCategory = {
  id: 1160,
  label: 'Carte à collectionner',
  neighbours: [1180, 1140],
  products: phrases(
    `carte Pokémon {holographique|rare|EX|GX|V|VMAX|brillante} {Dracaufeu|Pikachu|Mewtwo|Tortank|Évoli|Lugia|Rayquaza}
    carte Pokémon {60-250} PV {française|VF}
    carte pokemon {Dracaufeu|Pikachu|Florizarre} {reverse|full art|promo}
    carte Yu-Gi-Oh {ultra rare|secret rare|commune} {Magicien sombre|Dragon blanc aux yeux bleus}
    carte Yugioh {FR|VF} {commune|rare}; carte Magic {rare|mythique|foil|commune} {vf|anglais}
    Magic the gathering {créature|éphémère|terrain}
    booster Pokémon {Épée et Bouclier|Soleil et Lune|XY}; booster Magic; booster Yu-Gi-Oh
    display {36|24} boosters {Pokémon|Magic}; coffret Pokémon dresseur d'élite
    deck {Pokémon|Yu-Gi-Oh|Magic} prêt à jouer; carte Dragon Ball {prism|super rare|Hondan}
    carte Panini {football|adrenalyn} {2010-2022}; vignette Panini n° {1-700}
    autocollant Panini {Coupe du monde|Euro} {1978-2018}; album Panini {foot|@universes}
    carte NBA {Panini|Upper Deck} rookie; carte de basket {1990-2020}; carte de baseball Topps
    carte de foot {Match Attax|Adrenalyn XL}; carte hockey {1990-2010}; carte catch WWE Slam Attax
    carte Naruto {ninja|shinobi} {rare|super rare}; carte One Piece {CARDDASS|OP-01}
    carte Force of Will; carte Vanguard Cardfight; carte Final Fantasy TCG; carte World of Warcraft TCG
    carte Star Wars {Destiny|TCG}; lot de {10-200} cartes {Pokémon|Magic|Yu-Gi-Oh}
    classeur cartes Pokémon {9 cases|portfolio}; protège-cartes sleeves {50|100}
    carte téléphonique {France Telecom|50 unités}; télécarte {@universes}; carte postale de collection
    carte Digimon {série 1|rare}; carte Weiss Schwarz; carte Keyforge; carte My Little Pony
    carte Invizimals; carte Chaotic; carte Bakugan; carte Duel Masters; image chocolat ancienne
    carte Cora {Toy Story|Disney}; carte Leclerc {Star Wars|Marvel}; carte dédicacée {joueur|sportif}
    carte gradée {PSA|PCA} {8|9|10}; jeu de cartes à collectionner {@universes}
    carte {promo|dorée} {Pokémon|Yu-Gi-Oh}; pochette {Panini|Topps} {football|@universes}`,
  ),
  details: phrases(
    `VF; {1-200}/{201-250}; holo; reverse; ultra rare; commune; édition 1; neuve; near mint; {FR|EN|JAP}
    foil; {60-320} PV; XY{01-99}; SM{01-99}; SL{1-99}`,
  ),
  brands: phrases(`Cartomania; TCG Center; Collecto; Le Donjon; Ultra Sleeve; Mana Shop`),
  sentences: phrases(
    `Carte en très bon état, envoyée sous protection rigide.
    Extension {Épée et Bouclier|Soleil et Lune|Diamant et Perle}, langue française.
    {60-320} PV, type {feu|eau|plante|électrik|psy}.; Carte à jouer et à collectionner.
    Chaque booster contient {5-15} cartes.; Rareté : {commune|rare|ultra rare|secrète rare}.
    Numéro {1-200}/{201-250}.`,
  ),
};
