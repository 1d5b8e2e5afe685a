import{a,b}from"./chunk-SNLTVEJL.js";import"./chunk-TVTPXYNL.js";import"./chunk-VEWYVS3J.js";import"./chunk-BYXBJQAS.js";import"./chunk-SAEADQQJ.js";export{b as OwnTime,a as TimeLeft};
