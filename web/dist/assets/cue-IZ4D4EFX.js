import{a}from"./chunk-74WWNYIW.js";import"./chunk-5ASXIXU3.js";import"./chunk-SM77IR73.js";import"./chunk-63R6EBML.js";import"./chunk-BYXBJQAS.js";import"./chunk-SPGXGG4C.js";export{a as Cue};
