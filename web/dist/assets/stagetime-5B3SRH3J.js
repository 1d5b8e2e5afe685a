import{a,b}from"./chunk-FGJ4QSFP.js";import"./chunk-GRXHFQL6.js";import"./chunk-ENKU2TTD.js";import"./chunk-BYXBJQAS.js";import"./chunk-Q2Y6I6XA.js";export{b as OwnTime,a as TimeLeft};
