import{a}from"./chunk-7POYVT43.js";import"./chunk-UCA3R5ZP.js";import"./chunk-QHWW4H3A.js";import"./chunk-BYXBJQAS.js";import"./chunk-DNKW2UAX.js";export{a as Announcements};
