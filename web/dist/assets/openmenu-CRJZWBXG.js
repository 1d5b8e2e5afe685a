import{a,b}from"./chunk-UGLEI6JI.js";import"./chunk-IJPUGGVM.js";import"./chunk-VVVTE5AL.js";import"./chunk-BYXBJQAS.js";import"./chunk-EXNGDQZS.js";export{a as Menu,b as placeBeside};
