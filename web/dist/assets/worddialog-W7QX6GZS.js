import{a}from"./chunk-XFCKS3RC.js";import"./chunk-64VGAB2U.js";import"./chunk-GRXHFQL6.js";import"./chunk-ENKU2TTD.js";import"./chunk-BYXBJQAS.js";import"./chunk-Q2Y6I6XA.js";export{a as WordDialog};
