import type { DemoCategory } from '../demo-category.js';
import { phrases } from '../phrase-grammar.js';

export const gameAccessory: DemoCategory = {
  id: 50,
  label: 'Accessoire de jeu vidéo',
  neighbours: [60, 40, 1301],
  products: phrases(
    `manette sans fil {PlayStation 4|PS4|PS5|Xbox One|Switch}
    manette {PS3|PS2|Xbox 360|Wii|Nintendo 64} filaire; manette Bluetooth {PS4|Switch Pro}
    manette de jeu USB; manette {GameCube|Super Nintendo|Megadrive}; gamepad {PC|Android} sans fil
    joystick {arcade|de vol|USB}; volant {PS4|Xbox One|PC} avec pédales
    casque gaming {PS4|Xbox One|avec micro}; casque de réalité virtuelle {smartphone|PS4}
    souris gamer {RGB|filaire}; clavier gamer {mécanique|rétroéclairé}; tapis de souris gaming
    siège gaming; chargeur de manettes {PS4|Xbox One}; station de charge {Joy-Con|DualShock}
    batterie {manette|3DS|PSP|Wii}; câble {HDMI|AV|péritel} {PS3|Wii|Nintendo 64}
    câble de recharge {manette PS4|3DS|PS Vita}; adaptateur secteur {Switch|DS|Xbox 360}
    alimentation {PS2|Megadrive|Xbox One}; carte mémoire {PS2|GameCube|PS1} {8|64} Mo
    housse de protection {Switch|3DS|PS Vita}; étui de transport {Nintendo Switch|PSP}
    coque silicone manette {PS4|PS5|Xbox}; coque rigide {Switch|3DS}
    skin autocollant {PS4|Xbox One|Switch}; sticker console {PS4|PS5}
    film verre trempé {Switch|PS Vita}; protection écran {3DS|DS Lite}; stylet {DS|3DS} lot de {2-6}
    grips joystick {PS4|Xbox|Switch}; capuchons de stick; support vertical {PS4|PS5} ventilateur
    ventilateur {Xbox One|PS4 Pro}; dock {Switch|station d'accueil}; disque dur externe {PS4|Xbox 360}
    balance board Wii; nunchuk Wii; télécommande Wii {motion plus|Wiimote}; capteur Kinect Xbox
    barre de capteur Wii sans fil; pistolet Wii zapper; guitare hero {Wii|PS3}; tapis de danse {Wii|PS2}
    micro karaoké {PS3|Wii}; Joy-Con {gauche et droite|paire}; volant Joy-Con Mario Kart
    coque de rechange manette; nappe lecteur {PS3|PSP}; lentille laser {PS2|PS3|Xbox 360}
    boutons de remplacement manette; gâchettes {mobile|smartphone} PUBG
    adaptateur {manette|clavier souris} console; lecteur de cartes {R4|SD} DS`,
  ),
  details: phrases(
    `compatible {@consoles}; sans fil; avec câble {1-3} m; Bluetooth; vibration; lot de 2
    pour {PS4|Xbox One|Switch|Wii}; rechargeable; USB; lumière LED`,
  ),
  brands: phrases(`Gamérion; PadMaster; Voltek; Hyperclic; Subsona; Trigger One`),
  sentences: phrases(
    `Compatible avec {@consoles}.; Double vibration et prise jack 3,5 mm.
    Autonomie de {4-20} heures, se recharge par USB.; Ne convient pas aux autres consoles.
    Prise en main ergonomique, boutons réactifs.; Accessoire non officiel, console non incluse.
    Protège votre console des rayures et des chocs.; Longueur du câble : {1-3} m.`,
  ),
};
