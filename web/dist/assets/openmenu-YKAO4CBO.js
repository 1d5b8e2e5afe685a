import{a,b}from"./chunk-SWJWGPNW.js";import"./chunk-SM77IR73.js";import"./chunk-63R6EBML.js";import"./chunk-BYXBJQAS.js";import"./chunk-SPGXGG4C.js";export{a as Menu,b as placeBeside};
