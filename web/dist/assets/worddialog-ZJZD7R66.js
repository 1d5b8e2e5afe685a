import{a}from"./chunk-JW43YNFI.js";import"./chunk-OLL5FWCM.js";import"./chunk-UCA3R5ZP.js";import"./chunk-QHWW4H3A.js";import"./chunk-BYXBJQAS.js";import"./chunk-DNKW2UAX.js";export{a as WordDialog};
