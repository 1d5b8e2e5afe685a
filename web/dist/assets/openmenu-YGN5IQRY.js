import{a,b}from"./chunk-HM2O4SF7.js";import"./chunk-OC3B543R.js";import"./chunk-YHCM3AGG.js";import"./chunk-BYXBJQAS.js";import"./chunk-3EHRCNTK.js";export{a as Menu,b as placeBeside};
