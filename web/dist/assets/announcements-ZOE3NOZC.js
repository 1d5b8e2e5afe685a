import{a}from"./chunk-27QY5ZVS.js";import"./chunk-BYXBJQAS.js";import"./chunk-QMXANAI7.js";export{a as Announcements};
