import{a}from"./chunk-3UW67CUE.js";import"./chunk-RAPBCYBX.js";import"./chunk-2NDWAYRI.js";import"./chunk-BYXBJQAS.js";import"./chunk-OO2BGH3M.js";export{a as Announcements};
