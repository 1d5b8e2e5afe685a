import{a}from"./chunk-UMG4Z2L3.js";import"./chunk-BYXBJQAS.js";import"./chunk-XIE7ABEX.js";export{a as Announcements};
