import{a,b}from"./chunk-SIZCVNLJ.js";import"./chunk-FYH4EFRW.js";import"./chunk-KS34W5QV.js";import"./chunk-BYXBJQAS.js";import"./chunk-FX6RKBKH.js";export{b as OwnTime,a as TimeLeft};
