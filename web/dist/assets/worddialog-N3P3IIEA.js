import{a}from"./chunk-4RIWHVJ7.js";import"./chunk-LBNPTHWS.js";import"./chunk-CZZTSQQJ.js";import"./chunk-GVIBIZ6L.js";import"./chunk-BYXBJQAS.js";import"./chunk-LMYCLO27.js";export{a as WordDialog};
