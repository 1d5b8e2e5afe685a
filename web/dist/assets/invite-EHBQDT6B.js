import{o as a,p as b}from"./chunk-2YVPQRF2.js";import"./chunk-QCRPDOLY.js";import"./chunk-BYXBJQAS.js";import"./chunk-TSOLEMZH.js";export{a as InviteDialog,b as LinkDialog};
