import{a,b}from"./chunk-CCDHJKEL.js";import"./chunk-THRDXZL6.js";import"./chunk-DOCHTNO4.js";import"./chunk-BYXBJQAS.js";import"./chunk-ONRYLT3U.js";export{b as OwnTime,a as TimeLeft};
