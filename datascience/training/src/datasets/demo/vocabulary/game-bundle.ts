import type { DemoCategory } from '../demo-category.js';
import { phrases } from '../phrase-grammar.js';

export const gameBundle: DemoCategory = {
  id: 2462,
  label: 'Pack jeu vidéo',
  neighbours: [60, 40, 50],
  products: phrases(
    `pack console {@consoles} + {2-6} jeux; lot de {3-20} jeux {@consoles}
    pack {PS4|Xbox One|Switch} {500 Go|1 To} + {@games}
    console {@consoles} avec {2-10} jeux et manettes; bundle {PS4|Switch|Xbox One} {@games}
    lot {@consoles} console + jeux + manettes; lot {4-15} jeux {PS2|PS3|Wii|DS|Xbox 360}
    pack {2-4} jeux {@games}; pack Wii {Sports|Fit|Mario Kart}; pack PSP + {2-5} jeux + housse
    pack Nintendo DS + {2-8} jeux; pack Xbox 360 Kinect + jeux; pack Game Boy + {2-9} jeux
    coffret console {@consoles} complet; lot jeux vidéo {@consoles} et {@consoles}
    lot de jeux Game Boy Advance; lot jeux Nintendo 64; lot jeux Megadrive {3-12} cartouches
    pack {2|3} manettes + jeu {@consoles}; pack PS3 {@games} + manette
    pack découverte {PS5|Xbox Series S}; ensemble {@consoles} {2 manettes|câbles} {3-9} jeux
    lot rétrogaming consoles et jeux; pack Switch {@games} + housse; pack Wii U {@games}
    lot de {5-20} jeux PC et console; lot {6-18} jeux DS enfants; pack GameCube {@games} + 2 manettes
    double pack {@games}; pack {@consoles} famille; pack collector {console et jeu}
    lot {PS1|PS2} {5-30} jeux; pack volant + jeu de course {PS4|PS3}; pack VR PS4 + caméra + jeu
    lot Dreamcast + jeux; lot console {NES|Super Nintendo} + {2-7} jeux + manettes; pack 3DS {@games}
    pack étudiant Xbox One; pack super héros PS4; lot Atari + {5-20} cartouches; triple pack {@games}
    lot accessoires et jeux Wii; pack famille Wii {4 manettes}; pack Megadrive + {3-8} jeux
    bundle console portable + carte 32 Go; lot 2 consoles {DS|PSP}; pack saison complet console`,
  ),
  details: phrases(
    `+ {2-8} jeux; avec {2-10} jeux; lot; pack complet; + 2 manettes; bundle; console + jeu; tout compris
    {500 Go|1 To}; + housse`,
  ),
  brands: phrases(`Retrobox; Gamérion; Ludopix; Vintage Play; Packéo; Arcadia Play`),
  sentences: phrases(
    `Le pack contient : la console, {2-4} manettes et {2-10} jeux.
    Lot de {3-20} jeux en bon état avec boîtes.; Pack complet prêt à jouer en famille.
    Console {@consoles} vendue avec {@games}.; Tous les jeux du lot ont été testés.
    Bundle édition limitée avec le jeu {@games}.; Vendu en lot uniquement.`,
  ),
};
