import{a}from"./chunk-W2AL4AIV.js";import"./chunk-6G2K5A5D.js";import"./chunk-Z52Y75CZ.js";import"./chunk-BYXBJQAS.js";import"./chunk-EUY277D3.js";export{a as Announcements};
