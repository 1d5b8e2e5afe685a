import{a}from"./chunk-L3RTYSXT.js";import"./chunk-R3GY7MDH.js";import"./chunk-CYLW2QG3.js";import"./chunk-7MW4WCAY.js";import"./chunk-BYXBJQAS.js";import"./chunk-QKCBBN4M.js";export{a as WordDialog};
