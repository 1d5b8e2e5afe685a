import{a,b}from"./chunk-HIUXRIMR.js";import"./chunk-6G2K5A5D.js";import"./chunk-Z52Y75CZ.js";import"./chunk-BYXBJQAS.js";import"./chunk-EUY277D3.js";export{b as OwnTime,a as TimeLeft};
