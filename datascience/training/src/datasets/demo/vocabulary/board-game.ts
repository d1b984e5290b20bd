import type { DemoCategory } from '../demo-category.js';
import { phrases } from '../phrase-grammar.js';

export const boardGame: DemoCategory = {
  id: 1281,
  label: 'Jeu de société',
  neighbours: [1280, 1180],
  products: phrases(
    `jeu de société {famille|ambiance|stratégie|coopératif|enfants}; jeu de plateau {médiéval|stratégie}
    Monopoly {junior|classique|@universes}; Scrabble {voyage|luxe}; Cluedo; Trivial Pursuit; Uno
    Mille bornes; Risk; Puissance 4; Docteur Maboul; La Bonne Paye; Time's Up; Dixit; Catane
    Carcassonne; Les Aventuriers du rail; 7 Wonders; Dobble; Jungle Speed; Loup-garou; Taboo; Pictionary
    Qui est-ce ?; Bataille navale; Destins; Hotel jeu de société; Mastermind; Rummikub; Qwirkle
    jeu de cartes {54|32} cartes; jeu de tarot; jeu de belote; jeu de 7 familles
    jeu de poker mallette {200|300|500} jetons; jeu d'échecs {bois|magnétique|voyage}; jeu de dames
    backgammon {bois|cuir}; jeu de go; mahjong; dominos {bois|double six}; jeu de l'oie
    jeu des petits chevaux; jeu de mikado; jeu de memory; loto {enfant|familial} {24|48} cartons; bingo
    jeu de quilles d'intérieur; jeu de dés 421; yam's; jeu d'adresse {bois|équilibre}
    tour infernale en bois jenga; jeu de bluff
    puzzle {500|1000|1500|2000} pièces {paysage|animaux|carte du monde}
    puzzle adulte {1000|3000} pièces; puzzle 3D {Tour Eiffel|château}; casse-tête {bois|métal|chinois}
    cube casse-tête 3x3; escape game {boîte|coffret}; jeu d'enquête coffret; jeu d'apéro
    jeu de soirée adulte; jeu de questions {quiz|culture générale}
    jeu éducatif {lettres|multiplication|anglais}; jeu de mémoire; extension {Catane|Dixit|Carcassonne}
    échiquier {bois|verre}; tapis de {poker|cartes}; roulette casino; toupie {jeu de bar}
    baby-foot de table; jeu de fléchettes électronique; jeu de palet; hockey sur table; billard de table
    jeu de parcours {enfant}; tic tac toe; jeu de rapidité; jeu de bonne paye vintage
    jeu de société ancien {MB|années 80}; jeu de plis; jeu de draft`,
  ),
  details: phrases(
    `{2-6} joueurs; dès {4-14} ans; {500|1000} pièces; jeu de cartes; en bois; version française
    familial; de voyage; {20-90} minutes; extension; nouvelle édition`,
  ),
  brands: phrases(`Ludibulle; Malice Jeux; Dés Partout; Tapis Vert; Ravenspiel; Coco Ludo`),
  sentences: phrases(
    `Pour {2-4} à {5-10} joueurs, dès {6-14} ans, parties de {15-90} minutes.
    Le jeu contient un plateau, {20-150} cartes, des pions et une règle en français.
    Lancez les dés et avancez vos pions.; Un jeu d'ambiance pour toute la famille.
    Puzzle de {500|1000|1500} pièces, image de {48-98} x {34-68} cm.
    Soyez le premier à marquer {20-100} points.; Mémoire, rapidité et stratégie sont au rendez-vous.`,
  ),
};
