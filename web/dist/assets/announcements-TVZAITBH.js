import{a}from"./chunk-C2KMKRYL.js";import"./chunk-OC3B543R.js";import"./chunk-YHCM3AGG.js";import"./chunk-BYXBJQAS.js";import"./chunk-3EHRCNTK.js";export{a as Announcements};
