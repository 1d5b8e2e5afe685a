import{a,b}from"./chunk-X7PB7V5E.js";import"./chunk-THRDXZL6.js";import"./chunk-DOCHTNO4.js";import"./chunk-BYXBJQAS.js";import"./chunk-ONRYLT3U.js";export{a as Menu,b as placeBeside};
