import{a}from"./chunk-N3MGVCEW.js";import"./chunk-R6VZBLT7.js";import"./chunk-6G2K5A5D.js";import"./chunk-Z52Y75CZ.js";import"./chunk-BYXBJQAS.js";import"./chunk-EUY277D3.js";export{a as WordDialog};
