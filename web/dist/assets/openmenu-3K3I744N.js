import{a,b}from"./chunk-5GLXOAZG.js";import"./chunk-UYMDVR3F.js";import"./chunk-TQZBO7S4.js";import"./chunk-BYXBJQAS.js";import"./chunk-J4A3WI6U.js";export{a as Menu,b as placeBeside};
