import{a,b}from"./chunk-P6HU3DQA.js";import"./chunk-RAPBCYBX.js";import"./chunk-2NDWAYRI.js";import"./chunk-BYXBJQAS.js";import"./chunk-OO2BGH3M.js";export{a as Menu,b as placeBeside};
