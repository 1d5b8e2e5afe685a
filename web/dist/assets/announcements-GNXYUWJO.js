import{a}from"./chunk-U3GV435P.js";import"./chunk-IJPUGGVM.js";import"./chunk-VVVTE5AL.js";import"./chunk-BYXBJQAS.js";import"./chunk-EXNGDQZS.js";export{a as Announcements};
