import{a,b}from"./chunk-I4B5Z6BD.js";import"./chunk-UCA3R5ZP.js";import"./chunk-QHWW4H3A.js";import"./chunk-BYXBJQAS.js";import"./chunk-DNKW2UAX.js";export{a as Menu,b as placeBeside};
