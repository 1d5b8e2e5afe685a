import{a,b}from"./chunk-STBHV3PB.js";import"./chunk-DSQTEGNX.js";import"./chunk-YMHCI3PO.js";import"./chunk-BYXBJQAS.js";import"./chunk-M2VD5RSA.js";export{a as Menu,b as placeBeside};
