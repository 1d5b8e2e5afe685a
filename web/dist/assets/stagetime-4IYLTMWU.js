import{a,b}from"./chunk-FR72QT2P.js";import"./chunk-OC3B543R.js";import"./chunk-YHCM3AGG.js";import"./chunk-BYXBJQAS.js";import"./chunk-3EHRCNTK.js";export{b as OwnTime,a as TimeLeft};
