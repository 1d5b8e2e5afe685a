import{a,b}from"./chunk-6SICP7L6.js";import"./chunk-TVTPXYNL.js";import"./chunk-VEWYVS3J.js";import"./chunk-BYXBJQAS.js";import"./chunk-SAEADQQJ.js";export{a as Menu,b as placeBeside};
