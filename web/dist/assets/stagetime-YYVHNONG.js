import{a,b}from"./chunk-VHY3N3K2.js";import"./chunk-UCA3R5ZP.js";import"./chunk-QHWW4H3A.js";import"./chunk-BYXBJQAS.js";import"./chunk-DNKW2UAX.js";export{b as OwnTime,a as TimeLeft};
