import{a,b}from"./chunk-A3QYFQSU.js";import"./chunk-GRXHFQL6.js";import"./chunk-ENKU2TTD.js";import"./chunk-BYXBJQAS.js";import"./chunk-Q2Y6I6XA.js";export{a as Menu,b as placeBeside};
