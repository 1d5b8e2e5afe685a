import{a}from"./chunk-KBAG6RCZ.js";import"./chunk-YB453UQS.js";import"./chunk-MIT3GI5X.js";import"./chunk-BYXBJQAS.js";import"./chunk-EA56IUZ2.js";export{a as Announcements};
