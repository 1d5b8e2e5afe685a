import{a}from"./chunk-PXYVYB4G.js";import"./chunk-SM77IR73.js";import"./chunk-63R6EBML.js";import"./chunk-BYXBJQAS.js";import"./chunk-SPGXGG4C.js";export{a as Announcements};
