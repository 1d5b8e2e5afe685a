import{a,b}from"./chunk-YADXGGVO.js";import"./chunk-5RJHBDBI.js";import"./chunk-HZYH4FWH.js";import"./chunk-BYXBJQAS.js";import"./chunk-45PHACKY.js";export{b as OwnTime,a as TimeLeft};
