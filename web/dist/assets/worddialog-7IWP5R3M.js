import{a}from"./chunk-RZBPWRMZ.js";import"./chunk-5GKDW7W4.js";import"./chunk-YB453UQS.js";import"./chunk-MIT3GI5X.js";import"./chunk-BYXBJQAS.js";import"./chunk-EA56IUZ2.js";export{a as WordDialog};
