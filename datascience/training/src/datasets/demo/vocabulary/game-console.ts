import type { DemoCategory } from '../demo-category.js';
import { phrases } from '../phrase-grammar.js';

export const gameConsole: DemoCategory = {
  id: 60,
  label: 'Console de jeu vidéo',
  neighbours: [50, 2462],
  products: phrases(
    `console {PlayStation 4|PS4 Slim|PS4 Pro|PS5} {500 Go|1 To}
    console Xbox {360|One S|Series S} {250|500} Go; console Nintendo Switch {Lite|OLED}
    console {Wii|Wii U}; console portable {PSP|PS Vita|Nintendo DS Lite|3DS XL}
    console Nintendo {64|GameCube|NES}; console {Game Boy Color|Game Boy Advance SP|Game Boy}
    console {Megadrive|Master System|Dreamcast|Saturn}; console rétro {620|500|400} jeux intégrés
    mini console {NES|arcade|portable} HDMI; console {Atari 2600|ColecoVision|Intellivision}
    borne d'arcade {mini|bartop|2 joueurs}; console de jeux portable rétro {2,4|3} pouces
    console émulateur {4K|HDMI} {3000-9000} jeux; console {PlayStation|PS1|PS2 Slim|PS3 Ultra Slim}
    Nintendo {2DS|3DS|DSi} console; console New 3DS XL; console Neo Geo {mini|Pocket}; console Game Gear
    console Super Nintendo; console classic mini {SNES|NES|Megadrive}; console tv plug and play
    console Game & Watch; jeu électronique portable {années 80|LCD}; flipper électronique
    console Amstrad GX4000; console Xbox {première génération|Elite}; console PS3 {60|120|320} Go
    console PSP {1000|2000|3000|Street}; console Wii mini; console Switch {néon|grise} avec Joy-Con
    console {PS4|Xbox One} reconditionnée; console Vectrex; console PC Engine; console {@consoles} nue
    console {@consoles} en boîte; console {@consoles} {500|250} Go; {@consoles} console seule
    console Philips Videopac; console Virtual Boy; console de salon {4K|HDMI}
    console de jeux pour enfant {16 bits|8 bits}; console portable Android {64|32} Go
    console Sega {Mega-CD|Nomad}; console Tiger LCD`,
  ),
  details: phrases(
    `{250|500} Go; 1 To; avec manette; en boîte; complète; avec câbles; testée et fonctionnelle; HDMI
    édition limitée; console seule; {@colours}`,
  ),
  brands: phrases(`Retrobox; Arcadia Play; Gamérion; Neopixel; Vintage Play; Kidoconsole`),
  sentences: phrases(
    `Console livrée avec une manette et ses câbles.; Console testée, lecteur fonctionnel.
    Processeur puissant et disque dur de {250|500|1000} Go.
    Branchez la console à votre téléviseur par HDMI et jouez.; {100-900} jeux rétro inclus en mémoire.
    Écran de {2-7} pouces, batterie rechargeable.; Console débloquée toutes zones.`,
  ),
};
