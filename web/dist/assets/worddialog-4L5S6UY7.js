import{a}from"./chunk-CEP5MCMU.js";import"./chunk-TBMIGTZ2.js";import"./chunk-SM77IR73.js";import"./chunk-63R6EBML.js";import"./chunk-BYXBJQAS.js";import"./chunk-SPGXGG4C.js";export{a as WordDialog};
