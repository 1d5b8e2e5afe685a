import{a}from"./chunk-FFXSPVJA.js";import"./chunk-CZZTSQQJ.js";import"./chunk-GVIBIZ6L.js";import"./chunk-BYXBJQAS.js";import"./chunk-LMYCLO27.js";export{a as Announcements};
