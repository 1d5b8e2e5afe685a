import{a,b}from"./chunk-E2OGHF7L.js";import"./chunk-ZMMU7GO4.js";import"./chunk-6CR22U3X.js";import"./chunk-BYXBJQAS.js";import"./chunk-YNQB5LK4.js";export{a as Menu,b as placeBeside};
