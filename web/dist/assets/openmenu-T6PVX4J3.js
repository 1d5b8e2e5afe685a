import{a,b}from"./chunk-WYTPWSMN.js";import"./chunk-PEYONL7O.js";import"./chunk-WGNHFOIZ.js";import"./chunk-BYXBJQAS.js";import"./chunk-DH3FI6AU.js";export{a as Menu,b as placeBeside};
