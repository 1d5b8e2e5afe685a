import{a,b}from"./chunk-2XZ3RTDH.js";import"./chunk-YB453UQS.js";import"./chunk-MIT3GI5X.js";import"./chunk-BYXBJQAS.js";import"./chunk-EA56IUZ2.js";export{b as OwnTime,a as TimeLeft};
