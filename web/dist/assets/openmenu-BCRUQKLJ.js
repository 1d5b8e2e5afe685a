import{a,b}from"./chunk-76L2RXGH.js";import"./chunk-CZZTSQQJ.js";import"./chunk-GVIBIZ6L.js";import"./chunk-BYXBJQAS.js";import"./chunk-LMYCLO27.js";export{a as Menu,b as placeBeside};
