import type { DemoCategory } from '../demo-category.js';
import { phrases } from '../phrase-grammar.js';

export const videoGame: DemoCategory = {
  id: 40,
  label: 'Jeu vidéo',
  neighbours: [60, 2905, 50],
  products: phrases(
    `jeu {@games} {@consoles}; {@games} - {@consoles}; {@games} pour {@consoles}
    {@games} {@consoles} version française; jeu vidéo {@consoles} {@games}
    jeu {PS4|PS5|Xbox One|Switch|Wii|DS} {@games}; jeu Game Boy {@games}
    cartouche de jeu {Super Nintendo|Megadrive|NES}; jeu rétro {@consoles}; jeu {@consoles} en loose
    jeu {@consoles} complet avec notice; import japonais {@games} {@consoles}
    édition collector {@games} {@consoles}; édition limitée {@games} {PS4|Xbox One}
    jeu de course {PS4|Xbox One|Switch}; jeu de combat {@consoles}; jeu de football {PS4|PS5|Xbox One}
    jeu de rôle {Switch|PS4}; jeu d'aventure {@consoles}; jeu de tir {PS4|Xbox One}
    jeu de plateforme {Switch|Wii}; jeu de danse Wii; jeu de simulation {PS4|3DS}
    jeu de stratégie {@consoles}; jeu de gestion {3DS|DS}; jeu d'horreur PS4; jeu de sport {Wii|PS3}
    jeu de basket NBA 2K {PS4|Xbox One}; jeu de catch WWE {PS3|PS4}; jeu de rythme {PS2|Wii}
    jeu de moto {PS4|PS3}; jeu de rallye {PS2|PS4}; jeu de puzzle DS; jeu d'énigmes professeur {DS|3DS}
    jeu de ferme {Switch|DS}; jeu de tennis {Wii|PS4}; jeu de golf Wii; jeu de guerre {PS3|Xbox 360}
    jeu de zombies {PS4|Xbox 360}; jeu Lego {@universes} {PS3|PS4|Wii}
    jeu {@universes} {PS2|PS4|Switch}; jeu {PSP|PS Vita} {@games}; jeu {GameCube|Nintendo 64} {@games}
    jeu Dreamcast {@games}; jeu Atari {2600|Jaguar}; jeu Neo Geo; jeu Saturn {@games}
    jeu Master System {Sonic|Alex Kidd}; jeu Amstrad cassette
    code de téléchargement jeu {PS4|Xbox|Switch}; carte prépayée {PlayStation|Xbox|eShop}
    extension {@games} {PS4|Xbox One}; jeu VR PS4`,
  ),
  details: phrases(
    `PAL; version française; VF; complet avec notice; sans notice; édition platinum; jeu seul; import
    NTSC; {PS4|Xbox One|Switch}; steelbook`,
  ),
  brands: phrases(`Studio Helios; Ludopix; Nébula Games; Kitsune Soft; Arcadia Play; Polygone`),
  sentences: phrases(
    `Jeu {@consoles} complet avec boîte et notice.
    Incarnez un héros et explorez un monde ouvert immense.; De 1 à 4 joueurs en local ou en ligne.
    Affrontez vos amis dans des parties endiablées.; PEGI {3|7|12|16|18}.
    Jeu testé et fonctionnel, disque sans rayure.; Version européenne, textes en français.
    Un nouvel épisode de la saga {@games}.; Plus de {10-60} heures de jeu et de quêtes.`,
  ),
};
