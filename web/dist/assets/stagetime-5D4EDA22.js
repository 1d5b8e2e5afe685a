import{a,b}from"./chunk-IPBUST2H.js";import"./chunk-6H5XBB37.js";import"./chunk-XSQYVNQM.js";import"./chunk-BYXBJQAS.js";import"./chunk-J6BT6TNM.js";export{b as OwnTime,a as TimeLeft};
