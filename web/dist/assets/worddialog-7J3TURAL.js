import{a}from"./chunk-M4JVGXSC.js";import"./chunk-JLZQCTRZ.js";import"./chunk-TVTPXYNL.js";import"./chunk-VEWYVS3J.js";import"./chunk-BYXBJQAS.js";import"./chunk-SAEADQQJ.js";export{a as WordDialog};
