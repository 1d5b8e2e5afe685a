import{a,b}from"./chunk-M34C4AZV.js";import"./chunk-ZMMU7GO4.js";import"./chunk-6CR22U3X.js";import"./chunk-BYXBJQAS.js";import"./chunk-YNQB5LK4.js";export{b as OwnTime,a as TimeLeft};
