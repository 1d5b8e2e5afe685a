import{a}from"./chunk-BGDGM4WB.js";import"./chunk-GRXHFQL6.js";import"./chunk-ENKU2TTD.js";import"./chunk-BYXBJQAS.js";import"./chunk-Q2Y6I6XA.js";export{a as Announcements};
