import{a,b}from"./chunk-IHBYQJC2.js";import"./chunk-PEYONL7O.js";import"./chunk-WGNHFOIZ.js";import"./chunk-BYXBJQAS.js";import"./chunk-DH3FI6AU.js";export{b as OwnTime,a as TimeLeft};
