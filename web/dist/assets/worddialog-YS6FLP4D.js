import{a}from"./chunk-76K2LMPW.js";import"./chunk-3GRWFA7O.js";import"./chunk-ZMMU7GO4.js";import"./chunk-6CR22U3X.js";import"./chunk-BYXBJQAS.js";import"./chunk-YNQB5LK4.js";export{a as WordDialog};
