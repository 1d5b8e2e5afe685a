import{a}from"./chunk-IMHCC4RI.js";import"./chunk-FYH4EFRW.js";import"./chunk-KS34W5QV.js";import"./chunk-BYXBJQAS.js";import"./chunk-FX6RKBKH.js";export{a as Announcements};
