import{a}from"./chunk-4HLGUJ65.js";import"./chunk-II4F5TPY.js";import"./chunk-RAPBCYBX.js";import"./chunk-2NDWAYRI.js";import"./chunk-BYXBJQAS.js";import"./chunk-OO2BGH3M.js";export{a as WordDialog};
