import{a,b}from"./chunk-QOWZCLAO.js";import"./chunk-SM77IR73.js";import"./chunk-63R6EBML.js";import"./chunk-BYXBJQAS.js";import"./chunk-SPGXGG4C.js";export{b as OwnTime,a as TimeLeft};
