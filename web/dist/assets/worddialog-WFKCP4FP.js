import{a}from"./chunk-YKMHF23I.js";import"./chunk-OUUKIWI7.js";import"./chunk-FYH4EFRW.js";import"./chunk-KS34W5QV.js";import"./chunk-BYXBJQAS.js";import"./chunk-FX6RKBKH.js";export{a as WordDialog};
