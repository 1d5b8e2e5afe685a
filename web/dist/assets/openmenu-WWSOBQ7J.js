import{a,b}from"./chunk-BL7JJEXS.js";import"./chunk-CYLW2QG3.js";import"./chunk-7MW4WCAY.js";import"./chunk-BYXBJQAS.js";import"./chunk-QKCBBN4M.js";export{a as Menu,b as placeBeside};
