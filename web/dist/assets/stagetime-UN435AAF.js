import{a,b}from"./chunk-ZJ7PUJDQ.js";import"./chunk-CYLW2QG3.js";import"./chunk-7MW4WCAY.js";import"./chunk-BYXBJQAS.js";import"./chunk-QKCBBN4M.js";export{b as OwnTime,a as TimeLeft};
