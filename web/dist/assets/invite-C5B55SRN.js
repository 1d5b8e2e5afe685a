import{o as a,p as b}from"./chunk-3ULC3AQJ.js";import"./chunk-KOCGXWMY.js";import"./chunk-BYXBJQAS.js";import"./chunk-SYUQCMSA.js";export{a as InviteDialog,b as LinkDialog};
