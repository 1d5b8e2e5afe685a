import{a,b}from"./chunk-SDLK3FKP.js";import"./chunk-RAPBCYBX.js";import"./chunk-2NDWAYRI.js";import"./chunk-BYXBJQAS.js";import"./chunk-OO2BGH3M.js";export{b as OwnTime,a as TimeLeft};
