import{a}from"./chunk-NGGP3MT7.js";import"./chunk-3QSIKCM3.js";import"./chunk-THRDXZL6.js";import"./chunk-DOCHTNO4.js";import"./chunk-BYXBJQAS.js";import"./chunk-ONRYLT3U.js";export{a as WordDialog};
