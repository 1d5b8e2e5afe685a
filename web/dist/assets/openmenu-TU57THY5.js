import{a,b}from"./chunk-6X426UHG.js";import"./chunk-YB453UQS.js";import"./chunk-MIT3GI5X.js";import"./chunk-BYXBJQAS.js";import"./chunk-EA56IUZ2.js";export{a as Menu,b as placeBeside};
