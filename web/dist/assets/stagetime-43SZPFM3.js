import{a,b}from"./chunk-3AGUE632.js";import"./chunk-CZZTSQQJ.js";import"./chunk-GVIBIZ6L.js";import"./chunk-BYXBJQAS.js";import"./chunk-LMYCLO27.js";export{b as OwnTime,a as TimeLeft};
