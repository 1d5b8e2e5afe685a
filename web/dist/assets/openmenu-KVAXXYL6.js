import{a,b}from"./chunk-6WEZNEZZ.js";import"./chunk-5RJHBDBI.js";import"./chunk-HZYH4FWH.js";import"./chunk-BYXBJQAS.js";import"./chunk-45PHACKY.js";export{a as Menu,b as placeBeside};
