import{a}from"./chunk-MBNO2G5G.js";import"./chunk-MSUUINH7.js";import"./chunk-TFFMSIVF.js";import"./chunk-BYXBJQAS.js";import"./chunk-MDNJJ7LO.js";export{a as Announcements};
