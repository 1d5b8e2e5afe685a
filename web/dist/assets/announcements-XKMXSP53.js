import{a}from"./chunk-ZYLIK2HX.js";import"./chunk-BYXBJQAS.js";import"./chunk-TYMS5IN7.js";export{a as Announcements};
