import{o as a,p as b}from"./chunk-7QHJ5VYV.js";import"./chunk-EXSSXXHN.js";import"./chunk-BYXBJQAS.js";import"./chunk-JMKMPSOC.js";export{a as InviteDialog,b as LinkDialog};
